namespace Polyad.Cli.Tests;

/// <summary>The managed engine under another id, which writes down when it multiplies.</summary>
internal sealed class TracedEngine(string id, List<string> calls) : LinearAlgebraBackend
{
    private static readonly FactorizationOptions Checked = new() { CheckFinite = false };

    private readonly ManagedBackend _engine = new(1);

    public override string Id => id;

    public override Parallelism Parallelism => Parallelism.Sequential;

    public override BackendInfo Describe() => _engine.Describe() with { Id = id };

    public override OperationSource SourceOf(LinearAlgebraOperation operation) => OperationSource.Native;

    protected override void MatMulCore<T>(T alpha, in ReadOnlyMatrixView<T> a, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
    {
        calls.Add(id);
        _engine.MatMul(alpha, a, b, beta, c);
    }

    protected override void GramCore<T>(T alpha, in ReadOnlyMatrixView<T> a, T beta, in MatrixView<T> c) => _engine.Gram(alpha, a, beta, c);

    protected override void TriangularSolveCore<T>(Triangle triangle, bool unitDiagonal, in ReadOnlyMatrixView<T> a, in MatrixView<T> b) => _engine.TriangularSolve(triangle, unitDiagonal, a, b);

    protected override int CholeskyCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> l)
    {
        _engine.Cholesky(a, l, Checked);
        return 0;
    }

    protected override int LuCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> lu, Span<int> pivots) => _engine.Lu(a, lu, pivots, Checked);

    protected override void QrCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r) => _engine.Qr(a, q, r, Checked);

    protected override void QrRCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> r) => _engine.QrR(a, r, Checked);

    protected override void SymmetricEigenCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues, in MatrixView<T> eigenvectors) => _engine.SymmetricEigen(a, eigenvalues, eigenvectors, Checked);

    protected override void SymmetricEigenvaluesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> eigenvalues) => _engine.SymmetricEigenvalues(a, eigenvalues, Checked);

    protected override void SvdCore<T>(in ReadOnlyMatrixView<T> a, in MatrixView<T> u, Span<T> s, in MatrixView<T> vt) => _engine.Svd(a, u, s, vt, Checked);

    protected override void SingularValuesCore<T>(in ReadOnlyMatrixView<T> a, Span<T> s) => _engine.SingularValues(a, s, Checked);
}
