using System.Globalization;
using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>
/// Non-negative CP decomposition (all or some modes), by default by hierarchical alternating least squares (HALS) with extrapolation: each sweep costs little more than one of plain
/// alternating least squares. See <see cref="CpBlockDescent"/> for what is minimised and when it stops.
/// </summary>
public sealed class NonNegativeCp : CpBlockDescent
{
    /// <summary>How the problem of a non-negative mode is solved (default <see cref="NonNegativeMethod.Hals"/>).</summary>
    public NonNegativeMethod Method { get; init; }

    /// <summary>The modes whose factors are non-negative (default null: all). The others are solved by least squares.</summary>
    public IReadOnlyList<int>? NonNegativeModes { get; init; }

    /// <summary>
    /// Sparsity: weights p_n of the penalties p_n sum U_n, one for each mode (default none; 0 for a mode without). Columns of modes without a penalty are then at most 1 long, since otherwise the
    /// size of a component would flee into them and make the penalties void. Only for non-negative modes.
    /// </summary>
    public IReadOnlyList<double> Sparsity { get; init; } = [];

    /// <summary>The most inner cycles of HALS or of the multiplicative updates on a mode in one sweep (default 20).</summary>
    public int InnerCycles { get; init; } = 20;

    /// <summary>
    /// Inner cycles end sooner when one of them moves a group of rows less than this times what the first one moved them (default 0.1; 0 for all cycles), in the norm
    /// sqrt(sum G_rr (change of u_ir)^2), which is what the squared error falls by at least (Gillis, Glineur 2012).
    /// </summary>
    public double InnerReduction { get; init; } = 0.1;

    private protected override bool DependsOnScale => Sparsity.Any(static p => p > 0);

    private protected override bool MayExtrapolate => Method != NonNegativeMethod.MultiplicativeUpdate;

    private protected override string Describe()
        => string.Create(
            CultureInfo.InvariantCulture,
            $"method {Method} modes {(NonNegativeModes is null ? "all" : $"[{string.Join(", ", NonNegativeModes)}]")} sparsity [{string.Join(", ", Sparsity.Select(static p => p.ToString("R", CultureInfo.InvariantCulture)))}] inner {InnerCycles} {InnerReduction:R}");

    private protected override void Check(nint[] lengths, int rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(InnerCycles, 1);
        NonNegative(InnerReduction, nameof(InnerReduction));
        bool[] modes = Modes(lengths.Length);
        if (Sparsity.Count != 0 && Sparsity.Count != lengths.Length)
        {
            throw Misfit($"Sparsity has {Sparsity.Count} weights; a tensor of shape {DenseData.Text(lengths)} needs one for each mode, or none.", nameof(Sparsity));
        }

        for (int n = 0; n < Sparsity.Count; n++)
        {
            NonNegative(Sparsity[n], nameof(Sparsity));
            if (Sparsity[n] > 0 && !modes[n])
            {
                throw Misfit($"Sparsity is penalised in mode {n}, which is not non-negative.", nameof(Sparsity));
            }
        }
    }

    private protected override FactorUpdate<T>[] Updates<T>(nint[] lengths, int rank)
    {
        bool[] modes = Modes(lengths.Length);
        return [.. lengths.Select((_, n) => Update<T>(modes[n], Sparsity.Count == 0 ? 0 : Sparsity[n]))];
    }

    private FactorUpdate<T> Update<T>(bool nonNegative, double penalty)
        where T : unmanaged, INumberBase<T>
    {
        if (DependsOnScale && penalty == 0)
        {
            return new BoundedColumnUpdate<T>(nonNegative, InnerCycles, InnerReduction);
        }

        return nonNegative ? new NonNegativeUpdate<T>(new NonNegativeSettings(Method, InnerCycles, InnerReduction, penalty)) : new LeastSquaresUpdate<T>();
    }

    private bool[] Modes(int order)
    {
        bool[] all = new bool[order];
        Array.Fill(all, true);
        return NonNegativeModes is null ? all : ModeSet(NonNegativeModes, order, nameof(NonNegativeModes));
    }
}
