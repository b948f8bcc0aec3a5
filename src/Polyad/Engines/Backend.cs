using System.Collections.Concurrent;

namespace Polyad;

/// <summary>
/// Chooses the engine. <see cref="Current"/> is the innermost <see cref="Use(string)"/> scope of this asynchronous flow, or <see cref="Default"/>,
/// which is the only process-wide setting (its first value comes from the environment variable POLYAD_BACKEND, else "managed").
/// </summary>
public static class Backend
{
    private static readonly ConcurrentDictionary<string, BackendRegistration> Registered = new(StringComparer.OrdinalIgnoreCase);
    private static readonly AsyncLocal<Scope?> Ambient = new();
    private static ILinearAlgebraBackend? _default;

    static Backend()
    {
        Register(new BackendRegistration("managed", static () => ManagedBackend.Shared, static () => ManagedBackend.Shared.Describe()));
        Register(new BackendRegistration("auto", static () => AutoBackend.Shared, static () => AutoBackend.Shared.Describe()));
    }

    /// <summary>The engine of the process where no scope says otherwise.</summary>
    /// <exception cref="BackendUnavailableException">POLYAD_BACKEND names an engine that cannot be had.</exception>
    public static ILinearAlgebraBackend Default
    {
        get
        {
            if (Volatile.Read(ref _default) is { } chosen)
            {
                return chosen;
            }

            string? id = Environment.GetEnvironmentVariable("POLYAD_BACKEND");
            ILinearAlgebraBackend first = Get(string.IsNullOrWhiteSpace(id) ? "managed" : id.Trim());
            return Interlocked.CompareExchange(ref _default, first, null) ?? first;
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref _default, value);
        }
    }

    /// <summary>The engine that an algorithm uses when none is given to it.</summary>
    public static ILinearAlgebraBackend Current => Ambient.Value?.Engine ?? Default;

    /// <summary>The engine with this id.</summary>
    /// <exception cref="BackendUnavailableException">The id is not registered, or its engine cannot run here; the message says why.</exception>
    public static ILinearAlgebraBackend Get(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        if (Find(id) is not { } registration)
        {
            throw new BackendUnavailableException(id, $"no engine with this id is registered (registered: {string.Join(", ", Ids)}). The engines of other packages are registered by a call, such as LapackBackends.Register().", null);
        }

        try
        {
            return registration.Create(id);
        }
        catch (Exception e) when (e is not BackendUnavailableException and not OutOfMemoryException)
        {
            throw new BackendUnavailableException(id, e.Message, e);
        }
    }

    /// <summary>The registered ids, sorted.</summary>
    public static IReadOnlyList<string> Ids => [.. Registered.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Uses an engine in this asynchronous flow until the scope is disposed.</summary>
    /// <exception cref="BackendUnavailableException">The engine cannot be had.</exception>
    public static IDisposable Use(string id) => Use(Get(id));

    /// <summary>Uses an engine in this asynchronous flow until the scope is disposed; flows across <c>await</c>, touches no other flow.</summary>
    /// <exception cref="InvalidOperationException">On disposal: an inner scope is still open, or another flow opened this one.</exception>
    public static IDisposable Use(ILinearAlgebraBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        Scope scope = new(Ambient.Value, backend);
        Ambient.Value = scope;
        return scope;
    }

    /// <summary>Adds an engine, or replaces the one with the same id.</summary>
    public static void Register(BackendRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        Registered[registration.Id] = registration;
    }

    /// <summary>Every registered engine as it stands on this machine. Never throws for an engine that is broken: it is listed with its reason.</summary>
    public static IReadOnlyList<BackendInfo> Probe()
    {
        List<BackendInfo> all = [];
        foreach (string id in Ids)
        {
            if (!Registered.TryGetValue(id, out BackendRegistration? registration))
            {
                continue;
            }

            try
            {
                all.Add(registration.Probe());
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                all.Add(new BackendInfo { Id = id, Available = false, Reason = e.Message });
            }
        }

        return all;
    }

    private static BackendRegistration? Find(string id)
    {
        if (Registered.TryGetValue(id, out BackendRegistration? exact))
        {
            return exact;
        }

        // An id such as "lapack:/path/to/lib.so" belongs to the engine registered as "lapack:".
        int colon = id.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && Registered.TryGetValue(id[..(colon + 1)], out BackendRegistration? family) ? family : null;
    }

    private sealed class Scope(Scope? outer, ILinearAlgebraBackend engine) : IDisposable
    {
        private bool _disposed;

        public ILinearAlgebraBackend Engine { get; } = engine;

        public void Dispose()
        {
            if (_disposed)
            {
                return;
            }

            if (Ambient.Value != this)
            {
                throw new InvalidOperationException("Backend scopes must be disposed innermost first, in the flow that opened them.");
            }

            _disposed = true;
            Ambient.Value = outer;
        }
    }
}
