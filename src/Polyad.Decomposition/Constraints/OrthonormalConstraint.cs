namespace Polyad.Decomposition;

/// <summary>The nearest matrix with orthonormal columns: the polar factor U V^T of V = U S V^T (Schoenemann 1966). On the columns as rows it is the same product transposed.</summary>
internal sealed class OrthonormalConstraint : FactorConstraint
{
    public override string Name => "orthonormal";

    public override ConstraintScale Scale => ConstraintScale.Bounded;

    public override bool IsConvex => false;

    /// <summary>Itself: the block problem has a closed solution, and the relaxed model may be degenerate where this one cannot be.</summary>
    public override FactorConstraint Relaxation => this;

    public override bool IsSymmetric => true;

    protected internal override void CheckShape(int length, int rank)
    {
        if (rank > length)
        {
            throw new ArgumentException($"A {length} x {rank} factor cannot have orthonormal columns: it has fewer rows than columns.", nameof(rank));
        }
    }

    protected override unsafe void ApplyCore<T>(Span<T> columns, int length, double t)
    {
        int rank = columns.Length / length;
        ILinearAlgebraBackend backend = Backend.Current;
        using Scratch<T> scratch = Workspace.Rent<T>((nint)rank * (rank + length));
        using Scratch<T> values = Workspace.Rent<T>(rank);
        MatrixView<T> x = new(columns, rank, length), u = new(scratch.Span[..(rank * rank)], rank, rank), vt = new(scratch.Span[(rank * rank)..], rank, length);
        backend.Svd<T>(x, u, values.Span, vt);
        backend.MatMul<T>(T.One, u, vt, T.Zero, x);
    }
}
