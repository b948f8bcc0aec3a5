using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Polyad.Conformance;

/// <summary>The managed engine gives the same bits with one, two and three threads, at sizes where more than one is used.</summary>
public sealed class ThreadInvarianceTests
{
    private const int N = 651, Tall = 9001, Narrow = 37, Rank = 24;

    private static readonly int[] Shape = [71, 83, 97];

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
        string[] hashes = element == "float" ? Hashes<float>(operation) : Hashes<double>(operation);
        Assert.Equal(hashes[0], hashes[1]);
        Assert.Equal(hashes[0], hashes[2]);
    }

    /// <summary>At this size threads leave a part of two columns, which would be solved as vectors if it stood alone.</summary>
    [Fact]
    public void Lu_of_contiguous_columns_is_bit_identical_however_few_columns_a_thread_takes()
    {
        const int n = 770;
        LayoutedMatrix<double> a = LayoutedMatrix<double>.Of(Dense.Uniform(n, n, 11), Layout.ColumnMajor);
        string[] hashes = Hashes(a, static (engine, x, hash) =>
        {
            LayoutedMatrix<double> lu = new(n, n, Layout.ColumnMajor);
            int[] pivots = new int[n];
            engine.Lu<double>(x.View, lu.View, pivots);
            hash.AppendData(lu.Bytes);
            hash.AppendData(MemoryMarshal.AsBytes<int>(pivots));
        });
        Assert.Equal(hashes[0], hashes[1]);
        Assert.Equal(hashes[0], hashes[2]);
    }

    private static string[] Hashes<T>(LinearAlgebraOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => operation >= LinearAlgebraOperation.Unfold
            ? Hashes(LayoutedTensor<T>.Of(Shape, Dense.Uniform(1, 71 * 83 * 97, 7).Data, Layout.RowMajor), (engine, x, hash) => Tensors(engine, operation, x, hash))
            : Hashes((Square: Square<T>(operation), Tall: LayoutedMatrix<T>.Of(Dense.Uniform(Tall, Narrow, 5), Layout.RowMajor)), (engine, x, hash) => Matrices(engine, operation, x.Square, x.Tall, hash));

    private static string[] Hashes<TInput>(TInput input, Action<ILinearAlgebraBackend, TInput, IncrementalHash> run)
        => [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using IDisposable scope = Parallelism.Use(threads);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            run(new ManagedBackend(threads), input, hash);
            return Convert.ToHexString(hash.GetHashAndReset());
        })];

    private static LayoutedMatrix<T> Square<T>(LinearAlgebraOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => LayoutedMatrix<T>.Of(
            operation is LinearAlgebraOperation.Cholesky
                ? MatrixGallery.Symmetric(MatrixKind.EvenlySpaced, N, Precision.Of<T>(), 3, positive: true)
                : Dense.From(N, N, (i, j) => Math.Sin((Math.Max(i, j) * 7.1) + (Math.Min(i, j) * 3.7)) + (i == j ? N : 0)),
            Layout.RowMajor);

    private static void Matrices<T>(ILinearAlgebraBackend engine, LinearAlgebraOperation operation, LayoutedMatrix<T> square, LayoutedMatrix<T> tall, IncrementalHash hash)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LayoutedMatrix<T> first = New<T>(N, N), second = New<T>(N, N), values = New<T>(1, N), tallOut = New<T>(Tall, Narrow), small = New<T>(Narrow, Narrow), few = New<T>(1, Narrow);
        int[] pivots = new int[N];
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
                throw new ArgumentOutOfRangeException(nameof(operation), operation, "Not an operation on matrices.");
        }

        foreach (LayoutedMatrix<T> part in new[] { first, second, values, tallOut, small, few })
        {
            hash.AppendData(part.Bytes);
        }

        hash.AppendData(MemoryMarshal.AsBytes<int>(pivots));
    }

    private static void Tensors<T>(ILinearAlgebraBackend engine, LinearAlgebraOperation operation, LayoutedTensor<T> x, IncrementalHash hash)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (operation)
        {
            case LinearAlgebraOperation.Unfold:
                LayoutedMatrix<T> unfolded = New<T>(83, 71 * 97);
                engine.Unfold<T>(x.ReadOnlySpan, 1, unfolded.View);
                hash.AppendData(unfolded.Bytes);
                break;
            case LinearAlgebraOperation.Fold:
                LayoutedMatrix<T> source = New<T>(83, 71 * 97);
                source.Set((i, j) => i - j);
                LayoutedTensor<T> y = new(Shape, Layout.RowMajor);
                engine.Fold<T>(source.View, 1, y.Span);
                hash.AppendData(y.Bytes);
                break;
            case LinearAlgebraOperation.ModeProduct:
                LayoutedMatrix<T> m = LayoutedMatrix<T>.Of(Dense.Uniform(40, 83, 9), Layout.RowMajor);
                LayoutedTensor<T> z = new([71, 40, 97], Layout.RowMajor);
                engine.ModeProduct<T>(x.ReadOnlySpan, m.View, 1, z.Span);
                hash.AppendData(z.Bytes);
                break;
            case LinearAlgebraOperation.ModeGram:
                LayoutedMatrix<T> gram = New<T>(83, 83);
                engine.ModeGram<T>(x.ReadOnlySpan, 1, gram.View);
                hash.AppendData(gram.Bytes);
                break;
            default:
                Tensor<T>[] factors = [.. Shape.Select((n, axis) => Tensor.Create([.. Dense.Uniform(n, Rank, axis).Data.Select(T.CreateTruncating)], [(nint)n, Rank]))];
                LayoutedMatrix<T> mttkrp = New<T>(83, Rank);
                engine.Mttkrp<T>(x.ReadOnlySpan, factors, 1, mttkrp.View);
                hash.AppendData(mttkrp.Bytes);
                break;
        }
    }

    private static LayoutedMatrix<T> New<T>(int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new(rows, columns, Layout.RowMajor);
}
