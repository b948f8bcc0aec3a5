using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>
/// What is asked of one factor matrix: a set that it must lie in, or a penalty g on it, given by its proximal operator
/// prox_t(V) = argmin over X of t g(X) + ||X - V||^2 / 2 (for a set: the nearest point of it). All but <see cref="Orthonormal"/> work on each column by itself.
/// The static members are the constraints of this library; derive from the class for another one. Instances are immutable and may be shared.
/// </summary>
public abstract class FactorConstraint
{
    /// <summary>Every matrix is allowed.</summary>
    public static FactorConstraint None { get; } = new NoConstraint();

    /// <summary>x_i &gt;= 0.</summary>
    public static FactorConstraint NonNegative { get; } = new BoxConstraint(0, double.PositiveInfinity);

    /// <summary>Orthonormal columns, X^T X = I; the projection is the polar factor. Needs at least as many rows as columns. Not convex.</summary>
    public static FactorConstraint Orthonormal { get; } = new OrthonormalConstraint();

    /// <summary>A short name with its parameters, as in "l1(0.1)".</summary>
    public abstract string Name { get; }

    /// <summary>What it says about the size of the columns.</summary>
    public abstract ConstraintScale Scale { get; }

    /// <summary>Whether the set or penalty is convex (default true). Where it is not, a fit may end in a local optimum of one block already.</summary>
    public virtual bool IsConvex => true;

    /// <summary>
    /// A convex constraint that holds wherever this one does (default: the constraint itself when it is convex, else none). A fit under a constraint that is not convex begins with the relaxed one,
    /// which has fewer local optima.
    /// </summary>
    public virtual FactorConstraint Relaxation => IsConvex ? this : None;

    /// <summary>Whether -x is as good as x (default false): only then may a result turn the sign of a column.</summary>
    public virtual bool IsSymmetric => false;

    /// <summary>low &lt;= x_i &lt;= high; the bounds may be infinite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is NaN, or the low one is above the high one or infinite to the wrong side.</exception>
    public static FactorConstraint Box(double low, double high) => new BoxConstraint(low, high);

    /// <summary>The penalty weight * sum |x_i|; with <paramref name="nonNegative"/> also x_i &gt;= 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not finite.</exception>
    public static FactorConstraint L1(double weight, bool nonNegative = false) => new L1Penalty(weight, nonNegative);

    /// <summary>The penalty weight * ||x||_2 of each column (group sparsity: weak components vanish); with <paramref name="nonNegative"/> also x_i &gt;= 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not finite.</exception>
    public static FactorConstraint L2(double weight, bool nonNegative = false) => new L2Penalty(weight, nonNegative);

    /// <summary>The penalty (weight / 2) ||x||_2^2 (ridge); with <paramref name="nonNegative"/> also x_i &gt;= 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not finite.</exception>
    public static FactorConstraint L2Squared(double weight, bool nonNegative = false) => new SquaredL2Penalty(weight, nonNegative);

    /// <summary>x_i &gt;= 0 and sum x_i = <paramref name="total"/> in each column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The total is not positive and finite.</exception>
    public static FactorConstraint Simplex(double total = 1) => new SimplexConstraint(total);

    /// <summary>sum |x_i| &lt;= <paramref name="radius"/> in each column (soft sparsity).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not positive and finite.</exception>
    public static FactorConstraint L1Ball(double radius) => new L1BallConstraint(radius);

    /// <summary>||x||_2 &lt;= <paramref name="radius"/> in each column; with <paramref name="nonNegative"/> also x_i &gt;= 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not positive and finite.</exception>
    public static FactorConstraint L2Ball(double radius = 1, bool nonNegative = false) => new L2BallConstraint(radius, nonNegative);

    /// <summary>
    /// At most <paramref name="count"/> nonzeros in each column (hard sparsity): the entries of largest magnitude stay, the first ones on ties. With <paramref name="nonNegative"/>
    /// also x_i &gt;= 0, and with <paramref name="normalized"/> also ||x||_2 = 1 (a column without a usable entry becomes a unit vector). Not convex.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static FactorConstraint HardSparsity(int count, bool nonNegative = false, bool normalized = false) => new HardSparsityConstraint(count, nonNegative, normalized);

    /// <summary>
    /// The penalty (weight / 2) ||D x||_2^2 of each column, D taking differences of neighbours: <paramref name="order"/> 1 (x_(i+1) - x_i) or 2 (x_(i+2) - 2 x_(i+1) + x_i).
    /// Constants cost nothing with order 1, straight lines nothing with order 2.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not finite, or the order is neither 1 nor 2.</exception>
    public static FactorConstraint Smooth(double weight, int order = 1) => new SmoothnessPenalty(weight, order);

    /// <summary>x_0 &lt;= x_1 &lt;= ..., or the other way round when <paramref name="decreasing"/>; with <paramref name="nonNegative"/> also x_i &gt;= 0. Projection: pool adjacent violators.</summary>
    public static FactorConstraint Monotone(bool decreasing = false, bool nonNegative = false) => new MonotoneConstraint(decreasing, nonNegative);

    /// <summary>Each column rises to one peak and falls from it, wherever the peak lies; with <paramref name="nonNegative"/> also x_i &gt;= 0. The nearest such column is found exactly. Not convex.</summary>
    public static FactorConstraint Unimodal(bool nonNegative = false) => new UnimodalConstraint(nonNegative);

    /// <summary>prox_t of a factor: a new matrix.</summary>
    /// <param name="factor">I x R; not modified.</param>
    /// <param name="t">As in the definition above, above 0 and finite; sets do not depend on it.</param>
    /// <exception cref="ArgumentException">The factor is not a matrix, or of a shape for which the constraint has no solution.</exception>
    public Tensor<T> Apply<T>(Tensor<T> factor, double t = 1)
        where T : unmanaged, INumberBase<T>
    {
        (T[] columns, int length, int rank) = Columns(factor);
        if (!(t > 0) || !double.IsFinite(t))
        {
            throw new ArgumentOutOfRangeException(nameof(t), t, "t must be positive and finite.");
        }

        CheckShape(length, rank);
        Tensor<T> result = FreshMemory.Zeros<T>([length, rank]);
        if (columns.Length > 0)
        {
            ApplyToColumns<T>(columns, length, t);
            new ReadOnlyMatrixView<T>(columns, rank, length).Transpose.CopyTo(result.AsMatrix());
        }

        return result;
    }

    /// <summary>g(X): the value of the penalty; 0 for a set, whether or not the factor lies in it.</summary>
    /// <param name="factor">I x R.</param>
    public double Penalty<T>(Tensor<T> factor)
        where T : unmanaged, INumberBase<T>
    {
        (T[] columns, int length, _) = Columns(factor);
        return columns.Length == 0 ? 0 : PenaltyOfColumns<T>(columns, length);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The proximal operator in place.</summary>
    /// <param name="columns">The columns of the factor one after the other, each <paramref name="length"/> long; at least one, not empty.</param>
    /// <param name="length">The rows of the factor.</param>
    /// <param name="t">Above 0.</param>
    protected abstract void ApplyCore<T>(Span<T> columns, int length, double t)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The value of the penalty; default 0.</summary>
    /// <param name="columns">The columns of the factor one after the other, each <paramref name="length"/> long.</param>
    /// <param name="length">The rows of the factor.</param>
    protected virtual double PenaltyCore<T>(ReadOnlySpan<T> columns, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => 0;

    /// <summary>Refuses a shape that no matrix of can satisfy the constraint; default: none.</summary>
    /// <exception cref="ArgumentException">There is no such factor.</exception>
    protected internal virtual void CheckShape(int length, int rank)
    {
    }

    internal void ApplyToColumns<T>(Span<T> columns, int length, double t)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double))
        {
            ApplyCore(MemoryMarshal.Cast<T, double>(columns), length, t);
        }
        else
        {
            ApplyCore(MemoryMarshal.Cast<T, float>(columns), length, t);
        }
    }

    internal double PenaltyOfColumns<T>(ReadOnlySpan<T> columns, int length)
        where T : unmanaged, INumberBase<T>
        => typeof(T) == typeof(double) ? PenaltyCore(MemoryMarshal.Cast<T, double>(columns), length) : PenaltyCore(MemoryMarshal.Cast<T, float>(columns), length);

    private static (T[] Columns, int Length, int Rank) Columns<T>(Tensor<T> factor)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(factor);
        Arguments.Supported<T>();
        if (factor.Rank != 2)
        {
            throw new ArgumentException($"A factor is a matrix; this tensor has shape {DenseData.Text(factor.Lengths)}.", nameof(factor));
        }

        ReadOnlyMatrixView<T> view = factor.AsReadOnlyMatrix();
        T[] columns = new T[checked(view.Rows * view.Columns)];
        if (columns.Length > 0)
        {
            view.Transpose.CopyTo(new MatrixView<T>(columns, view.Columns, view.Rows));
        }

        return (columns, view.Rows, view.Columns);
    }
}
