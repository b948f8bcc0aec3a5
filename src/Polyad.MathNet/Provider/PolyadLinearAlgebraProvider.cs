using System.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace Polyad.MathNet;

/// <summary>
/// A linear-algebra provider for Math.NET Numerics over any Polyad engine: every member for <see cref="double"/> and <see cref="float"/> runs on the engine
/// (a matrix that is not symmetric keeps Math.NET's own eigenvalue code), <see cref="Complex"/> and <see cref="Complex32"/> on Math.NET's managed code.
/// </summary>
/// <remarks>
/// <para>Arrays are column-major and are not copied but where the contract works in place. NaN and infinity pass through. The signs of vectors follow the engine's
/// convention: the diagonal of R is not negative; in singular and eigenvectors the entry of largest magnitude is positive.</para>
/// <para><see cref="Control.MaxDegreeOfParallelism"/> is obeyed at every call. Members may be called from any thread at once.</para>
/// </remarks>
public sealed partial class PolyadLinearAlgebraProvider : ILinearAlgebraProvider
{
    private readonly EngineProvider<double> _double;
    private readonly EngineProvider<float> _single;
    private readonly ManagedLinearAlgebraProvider _own = ManagedLinearAlgebraProvider.Instance;
    private volatile bool _verified;

    /// <summary>Makes a provider over an engine.</summary>
    public PolyadLinearAlgebraProvider(ILinearAlgebraBackend engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Engine = engine;
        _double = new EngineProvider<double>(engine, _own);
        _single = new EngineProvider<float>(engine, _own);
    }

    /// <summary>The engine that does the work.</summary>
    public ILinearAlgebraBackend Engine { get; }

    /// <inheritdoc/>
    public bool IsAvailable() => Engine.Describe().Available;

    /// <summary>
    /// Multiplies two small matrices, once, and refuses an engine that gets them wrong. Math.NET calls it when the provider is set, and again when the number of threads
    /// changes, which needs nothing here: every call reads it.
    /// </summary>
    /// <exception cref="NotSupportedException">A product is wrong.</exception>
    public void InitializeVerify()
    {
        if (_verified)
        {
            return;
        }

        double[] c = new double[4];
        float[] f = new float[4];
        MatrixMultiply([1.0, 3, 2, 4], 2, 2, [5.0, 7, 6, 8], 2, 2, c);
        MatrixMultiply([1.0f, 3, 2, 4], 2, 2, [5.0f, 7, 6, 8], 2, 2, f);
        if (!c.AsSpan().SequenceEqual([19, 43, 22, 50]) || !f.AsSpan().SequenceEqual([19, 43, 22, 50]))
        {
            throw new NotSupportedException($"The engine '{Engine.Id}' multiplies wrongly: (1 2; 3 4)(5 6; 7 8) came out as {string.Join(", ", c)}.");
        }

        _verified = true;
    }

    /// <summary>Gives pooled scratch memory back to the system; the provider stays usable.</summary>
    public void FreeResources() => Workspace.Trim();

    /// <summary>The engine's name and version, shown by <see cref="Control.Describe"/>.</summary>
    public override string ToString()
    {
        BackendInfo info = Engine.Describe();
        return $"Polyad ({string.Join(' ', new[] { info.Id, info.Vendor, info.Version, info.Isa }.Where(part => part.Length > 0))})";
    }
}
