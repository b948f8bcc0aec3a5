using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// The rows (sqrt(gamma) x, sqrt(c)) of each factor of a tensor product: row i of the input stands for x1_i (x) ... (x) xp_i, or for the p-th power of one row.
/// </summary>
internal sealed unsafe class HomogeneousRows<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly RowSource<T>[] _factors;
    private readonly PolynomialKernel _kernel;
    private readonly bool _scaled;

    /// <param name="factors">One source for a power, else one per factor, of the same shape.</param>
    /// <param name="kernel">The kernel.</param>
    public HomogeneousRows(RowSource<T>[] factors, in PolynomialKernel kernel)
    {
        (_factors, _kernel) = (factors, kernel);
        IsPower = factors.Length == 1;
        Scale = T.CreateTruncating(Math.Sqrt(kernel.Gamma));
        Constant = T.CreateTruncating(Math.Sqrt(kernel.Constant));
        HasConstant = kernel.Constant > 0;
        _scaled = Scale != T.One;
        Dimension = kernel.Homogeneous(factors[0].Columns);
    }

    public bool IsPower { get; }

    public T Scale { get; }

    public T Constant { get; }

    public bool HasConstant { get; }

    /// <summary>The length of a row, with the constant.</summary>
    public int Dimension { get; }

    public int Rows => _factors[0].Rows;

    /// <summary>The rows of a factor, as they are.</summary>
    public ref readonly RowSource<T> this[int factor] => ref _factors[IsPower ? 0 : factor];

    /// <summary>Some of the rows.</summary>
    public HomogeneousRows<T> Slice(int first, int count) => new(Array.ConvertAll(_factors, factor => factor.Slice(first, count)), _kernel);

    /// <summary>Writes some rows of a factor side by side (see <see cref="RowSource{T}.CopyLanes"/>), scaled and with their constant.</summary>
    public void CopyLanes(int factor, int first, int count, T* lines, int lanes)
    {
        ref readonly RowSource<T> source = ref this[factor];
        source.CopyLanes(first, count, lines, lanes);
        if (_scaled)
        {
            Managed.VectorKernels.Scale(source.Columns * lanes, Scale, lines);
        }

        if (HasConstant)
        {
            T* line = lines + ((nint)source.Columns * lanes);
            for (int r = 0; r < lanes; r++)
            {
                line[r] = r < count ? Constant : T.Zero;
            }
        }
    }
}
