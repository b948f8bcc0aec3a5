using System.Numerics;
using System.Numerics.Tensors;
using System.Security.Cryptography;

namespace Polyad.Conformance;

/// <summary>The managed engine gives the same bits with one, two and three threads, at sizes where more than one is used.</summary>
public sealed class ThreadInvarianceTests
{
    private const int N = 331;

    public static TheoryData<LinearAlgebraOperation, string> Operations
    {
        get
        {
            TheoryData<LinearAlgebraOperation, string> data = [];
            foreach (LinearAlgebraOperation operation in ConformanceRuns.Operations)
            {
                data.Add(operation, "double");
                data.Add(operation, "float");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Managed_results_are_bit_identical_for_any_number_of_threads(LinearAlgebraOperation operation, string element)
    {
        string[] hashes = [.. new[] { 1, 2, 3 }.Select(threads => element == "float" ? Hash<float>(operation, threads) : Hash<double>(operation, threads))];
        Assert.Equal(hashes[0], hashes[1]);
        Assert.Equal(hashes[0], hashes[2]);
    }

    private static string Hash<T>(LinearAlgebraOperation operation, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ManagedBackend engine = new(threads);
        using IDisposable scope = Parallelism.Use(threads);
        LayoutedMatrix<T> square = LayoutedMatrix<T>.Of(operation is LinearAlgebraOperation.Cholesky ? MatrixGallery.Symmetric(MatrixKind.EvenlySpaced, N, Precision.Of<T>(), 3, positive: true)
            : Dense.From(N, N, (i, j) => Math.Sin((Math.Max(i, j) * 7.1) + (Math.Min(i, j) * 3.7)) + (i == j ? N : 0)), Layout.RowMajor);
        LayoutedMatrix<T> tall = LayoutedMatrix<T>.Of(Dense.Uniform(9001, 37, 5), Layout.RowMajor);
        LayoutedMatrix<T> first = new(N, N, Layout.RowMajor), second = new(N, N, Layout.RowMajor), values = new(1, N, Layout.RowMajor);
        LayoutedMatrix<T> tallOut = new(9001, 37, Layout.RowMajor), small = new(37, 37, Layout.RowMajor), few = new(1, 37, Layout.RowMajor);
        int[] shape = [71, 83, 97], pivots = new int[N];
        LayoutedTensor<T> x = LayoutedTensor<T>.Of(shape, Dense.Uniform(1, 71 * 83 * 97, 7).Data, Layout.RowMajor), y = new(shape, Layout.RowMajor), z = new([71, 40, 97], Layout.RowMajor);
        LayoutedMatrix<T> unfolded = new(83, 71 * 97, Layout.RowMajor), gram = new(83, 83, Layout.RowMajor), mttkrp = new(83, 24, Layout.RowMajor), m = LayoutedMatrix<T>.Of(Dense.Uniform(40, 83, 9), Layout.RowMajor);
        switch (operation)
        {
            case LinearAlgebraOperation.MatMul:
                engine.MatMul<T>(T.One, square.View, square.View, T.Zero, first.View);
                engine.MatMul<T>(T.One, tall.View.Transpose, tall.View, T.Zero, small.View);
                break;
            case LinearAlgebraOperation.Gram:
                engine.Gram<T>(T.One, square.View, T.Zero, first.View);
                engine.Gram<T>(T.One, tall.View.Transpose, T.Zero, small.View);
                break;
            case LinearAlgebraOperation.TriangularSolve:
                first.Set((i, j) => Math.Cos((i * 1.3) + j));
                engine.TriangularSolve<T>(Triangle.Lower, false, square.View, first.View);
                engine.TriangularSolve<T>(Triangle.Upper, false, square.View, first.View);
                break;
            case LinearAlgebraOperation.Cholesky:
                engine.Cholesky<T>(square.View, first.View);
                break;
            case LinearAlgebraOperation.Lu:
                engine.Lu<T>(square.View, first.View, pivots);
                break;
            case LinearAlgebraOperation.Qr:
                engine.Qr<T>(square.View, first.View, second.View);
                engine.Qr<T>(tall.View, tallOut.View, small.View);
                break;
            case LinearAlgebraOperation.QrR:
                engine.QrR<T>(square.View, first.View);
                engine.QrR<T>(tall.View, small.View);
                break;
            case LinearAlgebraOperation.SymmetricEigen:
                engine.SymmetricEigen<T>(square.View, values.RowSpan, first.View);
                break;
            case LinearAlgebraOperation.SymmetricEigenvalues:
                engine.SymmetricEigenvalues<T>(square.View, values.RowSpan);
                break;
            case LinearAlgebraOperation.Svd:
                engine.Svd<T>(square.View, first.View, values.RowSpan, second.View);
                engine.Svd<T>(tall.View, tallOut.View, few.RowSpan, small.View);
                break;
            case LinearAlgebraOperation.SingularValues:
                engine.SingularValues<T>(square.View, values.RowSpan);
                engine.SingularValues<T>(tall.View, few.RowSpan);
                break;
            default:
                Tensors(engine, operation, x, y, z, unfolded, gram, mttkrp, m);
                break;
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (LayoutedMatrix<T> part in new[] { first, second, values, tallOut, small, few, unfolded, gram, mttkrp })
        {
            hash.AppendData(part.Bytes);
        }

        hash.AppendData(y.Bytes);
        hash.AppendData(z.Bytes);
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(pivots));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Tensors<T>(
        ManagedBackend managed, LinearAlgebraOperation operation, LayoutedTensor<T> x, LayoutedTensor<T> y, LayoutedTensor<T> z, LayoutedMatrix<T> unfolded, LayoutedMatrix<T> gram, LayoutedMatrix<T> mttkrp, LayoutedMatrix<T> m)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ILinearAlgebraBackend engine = managed;
        switch (operation)
        {
            case LinearAlgebraOperation.Unfold:
                engine.Unfold<T>(x.ReadOnlySpan, 1, unfolded.View);
                break;
            case LinearAlgebraOperation.Fold:
                unfolded.Set((i, j) => i - j);
                engine.Fold<T>(unfolded.View, 1, y.Span);
                break;
            case LinearAlgebraOperation.ModeProduct:
                engine.ModeProduct<T>(x.ReadOnlySpan, m.View, 1, z.Span);
                break;
            case LinearAlgebraOperation.ModeGram:
                engine.ModeGram<T>(x.ReadOnlySpan, 1, gram.View);
                break;
            default:
                Tensor<T>[] factors = [.. x.Shape.Select((n, axis) => Tensor.Create([.. Dense.Uniform(n, 24, axis).Data.Select(T.CreateTruncating)], [(nint)n, 24]))];
                engine.Mttkrp<T>(x.ReadOnlySpan, factors, 1, mttkrp.View);
                break;
        }
    }
}
