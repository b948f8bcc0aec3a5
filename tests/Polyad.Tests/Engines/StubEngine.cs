namespace Polyad.Tests.Engines;

/// <summary>An engine that does nothing, to have distinct instances in the registry.</summary>
internal sealed class StubEngine(string id) : LinearAlgebraBackend
{
    public override string Id => id;

    public override Parallelism Parallelism => Parallelism.Sequential;

    public override BackendInfo Describe() => new() { Id = id, Available = true };

    public override OperationSource SourceOf(LinearAlgebraOperation operation) => OperationSource.Native;

    protected override int CholeskyCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l) => 0;

    protected override void GramCore<T>(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> c)
    {
    }

    protected override int LuCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots) => -1;

    protected override void MatMulCore<T>(T alpha, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
    {
    }

    protected override void QrCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r)
    {
    }

    protected override void QrRCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> r)
    {
    }

    protected override void SingularValuesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> s)
    {
    }

    protected override void SvdCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> u, Span<T> s, in MatrixView<T> vt)
    {
    }

    protected override void SymmetricEigenCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in MatrixView<T> eigenvectors)
    {
    }

    protected override void SymmetricEigenvaluesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues)
    {
    }

    protected override void TriangularSolveCore<T>(Triangle triangle, bool unitDiagonal, in ReadOnlyMatrixView<T> a, in MatrixView<T> b)
    {
    }
}
