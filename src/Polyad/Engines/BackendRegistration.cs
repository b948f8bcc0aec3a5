namespace Polyad;

/// <summary>How the registry makes and describes an engine.</summary>
public sealed class BackendRegistration
{
    /// <summary>Registers an engine under one id.</summary>
    /// <param name="id">The id; one that ends in ':' stands for a family whose ids go on with an argument.</param>
    /// <param name="create">Gives the engine, or throws <see cref="BackendUnavailableException"/>. Called at every request: keep one instance.</param>
    /// <param name="probe">Describes it without throwing.</param>
    public BackendRegistration(string id, Func<ILinearAlgebraBackend> create, Func<BackendInfo> probe)
        : this(id, _ => create(), probe)
    {
        ArgumentNullException.ThrowIfNull(create);
    }

    /// <summary>Registers a family of engines; <paramref name="create"/> is given the id as asked for.</summary>
    public BackendRegistration(string id, Func<string, ILinearAlgebraBackend> create, Func<BackendInfo> probe)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(probe);
        Id = id;
        Create = create;
        Probe = probe;
    }

    /// <summary>The id.</summary>
    public string Id { get; }

    internal Func<string, ILinearAlgebraBackend> Create { get; }

    internal Func<BackendInfo> Probe { get; }
}
