using MathNet.Numerics.Providers.LinearAlgebra;

namespace Polyad.MathNet;

/// <summary>
/// Puts a Polyad engine behind Math.NET Numerics: after <c>PolyadLinearAlgebraControl.Use("managed")</c> every <c>Matrix&lt;double&gt;</c> and <c>Matrix&lt;float&gt;</c> of the process
/// multiplies and decomposes on it. It sets <see cref="LinearAlgebraControl.Provider"/>, which is process-wide; <see cref="LinearAlgebraControl.UseManaged"/> goes back.
/// </summary>
public static class PolyadLinearAlgebraControl
{
    /// <summary>Uses the engine with this id, for example "managed" or "mkl".</summary>
    /// <exception cref="BackendUnavailableException">The id is not registered, or its engine cannot run here; the message says why, and the provider stays what it was.</exception>
    /// <exception cref="NotSupportedException">The engine gave a wrong product; the provider stays what it was.</exception>
    public static void Use(string id) => Use(Backend.Get(id));

    /// <summary>Uses this engine.</summary>
    /// <exception cref="NotSupportedException">The engine gave a wrong product; the provider stays what it was.</exception>
    public static void Use(ILinearAlgebraBackend backend)
        => LinearAlgebraControl.Provider = new PolyadLinearAlgebraProvider(backend);

    /// <summary>Uses the engine with this id if it can be had.</summary>
    /// <param name="id">The engine's id.</param>
    /// <param name="reason">Why not, in words a person can act on; empty when it worked.</param>
    /// <returns>True when the engine is now Math.NET's provider; false leaves the provider as it was.</returns>
    public static bool TryUse(string id, out string reason)
    {
        try
        {
            Use(id);
            reason = "";
            return true;
        }
        catch (Exception e) when (e is BackendUnavailableException or NotSupportedException or ArgumentException)
        {
            reason = e.Message;
            return false;
        }
    }
}
