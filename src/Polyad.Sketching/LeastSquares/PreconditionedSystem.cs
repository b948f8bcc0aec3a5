using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Polyad.Sketching;

/// <summary>What a sketch S A, or a Gram matrix, makes of a least-squares problem: a preconditioner, a first guess, and corrections. To be disposed, since one may hold scratch.</summary>
internal abstract class PreconditionedSystem<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>N, for which the columns of A N are nearly orthonormal.</summary>
    public abstract RightPreconditioner<T> Preconditioner { get; }

    /// <summary>About the lengths of the columns of A.</summary>
    public abstract double[] ColumnNorms { get; }

    /// <summary>y with N y about the solution for the residual r, from the sketch alone: N^T (S A)^T S r. Zero where there is none.</summary>
    public abstract void Guess(Tensor<T> r, Tensor<T> y);

    /// <summary>
    /// LSQR for a correction N y of the residual r with A^T r = g, until the estimated gradient is down to the limits, or as far as the precision of the system reaches. Returns the steps; r is overwritten.
    /// </summary>
    public abstract int Correct(Tensor<T> r, Tensor<T> g, double[] gradients, double[] limits, int most, Tensor<T> y, Action<double>? report, CancellationToken cancellationToken);

    public virtual void Dispose()
    {
    }
}

/// <summary>A system in the precision of the problem.</summary>
internal sealed class FullPrecisionSystem<T> : PreconditionedSystem<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly SketchOperator<T> _operator;
    private readonly Tensor<T> _sketch;
    private readonly ILinearAlgebraBackend _engine;
    private readonly Lsqr<T> _lsqr;

    public FullPrecisionSystem(LinearOperator<T> a, SketchOperator<T> s, int rightSides, ILinearAlgebraBackend engine)
    {
        (_operator, _engine) = (s, engine);
        _sketch = a.SketchColumns(s, engine);
        Arguments.Finite(_sketch.AsReadOnlyMatrix(), default, "a");
        Preconditioner = RightPreconditioner<T>.FromSketch(_sketch, engine);
        ColumnNorms = Lsqr<T>.Norms(_sketch);
        _lsqr = new(a, Preconditioner, rightSides, engine);
    }

    public override RightPreconditioner<T> Preconditioner { get; }

    public override double[] ColumnNorms { get; }

    public override void Guess(Tensor<T> r, Tensor<T> y)
        => Preconditioner.ApplyAdjoint(LinearAlgebra.MatMul(_sketch.AsReadOnlyMatrix().Transpose, _operator.Sketch(r, _engine).AsReadOnlyMatrix(), _engine).AsReadOnlyMatrix(), y.AsMatrix(), _engine);

    public override int Correct(Tensor<T> r, Tensor<T> g, double[] gradients, double[] limits, int most, Tensor<T> y, Action<double>? report, CancellationToken cancellationToken)
        => _lsqr.Run(r, g, limits, most, y, report, cancellationToken);
}

/// <summary>
/// A copy of a dense matrix in single precision, of half the bytes, in which corrections gain six digits at a time; residuals and gradients stay in double. That is as good as double where A N in single precision is
/// still nearly orthonormal: where eps_single sum_j ||a_j|| ||row j of N|| is small.
/// </summary>
internal sealed unsafe class SinglePrecisionSystem : PreconditionedSystem<double>
{
    /// <summary>The largest error of A N that the copy may make.</summary>
    private const double LargestError = 1e-3;

    /// <summary>What one correction gains.</summary>
    private const double Gain = 1e-6;

    private readonly SketchOperator<float> _operator;
    private readonly Tensor<float> _sketch;
    private readonly TriangularPreconditioner<float> _single;
    private readonly ILinearAlgebraBackend _engine;
    private readonly Lsqr<float> _lsqr;
    private readonly Tensor<float> _r;
    private readonly Tensor<float> _g;
    private readonly Tensor<float> _y;
    private Scratch<float> _copy;

    /// <summary>Takes over the scratch that holds the copy.</summary>
    private SinglePrecisionSystem(
        Scratch<float> scratch, in MatrixBlock<float> copy, SketchOperator<float> s, Tensor<float> sketch, TriangularPreconditioner<float> single, double[] norms, int rightSides, ILinearAlgebraBackend engine)
    {
        (_operator, _sketch, _engine, _single, _copy) = (s, sketch, engine, single, scratch);
        Preconditioner = new TriangularPreconditioner<double>(Widen(single.R));
        ColumnNorms = norms;
        _lsqr = new(new BlockOperator<float>(copy), _single, rightSides, engine);
        _r = FreshMemory.Zeros<float>([copy.Rows, rightSides]);
        _g = FreshMemory.Zeros<float>([copy.Columns, rightSides]);
        _y = FreshMemory.Zeros<float>([copy.Columns, rightSides]);
    }

    public override RightPreconditioner<double> Preconditioner { get; }

    public override double[] ColumnNorms { get; }

    /// <summary>Null where single precision would not do.</summary>
    public static SinglePrecisionSystem? TryCreate(DenseOperator<double> a, SketchOperator<float> s, int rightSides, ILinearAlgebraBackend engine)
    {
        Scratch<float> scratch = Workspace.Rent<float>((nint)a.Rows * a.Columns);
        bool kept = false;
        try
        {
            MatrixBlock<float> copy = MatrixBlock<float>.RowMajor(scratch.Pointer, a.Rows, a.Columns);
            Narrow(a.View, copy.Data);
            if (TriangleOf(copy, s, engine) is not var (sketch, single, norms))
            {
                return null;
            }

            SinglePrecisionSystem system = new(scratch, copy, s, sketch, single, norms, rightSides, engine);
            kept = true;
            return system;
        }
        finally
        {
            if (!kept)
            {
                scratch.Dispose();
            }
        }
    }

    /// <summary>The sketch of the copy, its triangle and the lengths of its columns; null where single precision would not do.</summary>
    private static (Tensor<float> Sketch, TriangularPreconditioner<float> Triangle, double[] ColumnNorms)? TriangleOf(in MatrixBlock<float> copy, SketchOperator<float> s, ILinearAlgebraBackend engine)
    {
        int n = copy.Columns;
        Tensor<float> sketch = FreshMemory.Zeros<float>([s.Rows, n]), r = FreshMemory.Zeros<float>([n, n]);
        s.Apply((float)s.IsometryScale, copy.AsReadOnlyView(), 0, sketch.AsMatrix(), engine);
        if (!FiniteCheck.All(sketch.AsReadOnlyMatrix(), out _, out _))
        {
            return null;
        }

        engine.QrR(sketch.AsReadOnlyMatrix(), r.AsMatrix());
        double[] norms = Lsqr<float>.Norms(sketch);
        if (norms.Any(static d => d is < 1e-15 or > 1e15) || Enumerable.Range(0, n).Any(i => !(r[i, i] > 1e-20f)))
        {
            return null;
        }

        TriangularPreconditioner<float> single = new(r);
        double sum = norms.Zip(single.RowNorms(engine), static (length, row) => length * row).Sum();
        return LinearAlgebra.Epsilon<float>() * sum <= LargestError ? (sketch, single, norms) : null;
    }

    public override void Dispose()
    {
        _copy.Dispose();
        base.Dispose();
    }

    public override void Guess(Tensor<double> r, Tensor<double> y)
    {
        double scale = Scale(LinearAlgebra.FrobeniusNorm(r.AsReadOnlyMatrix()));
        Narrow(r, scale, _r);
        Tensor<float> image = LinearAlgebra.MatMul(_sketch.AsReadOnlyMatrix().Transpose, _operator.Sketch(_r, _engine).AsReadOnlyMatrix(), _engine);
        _single.ApplyAdjoint(image.AsReadOnlyMatrix(), _y.AsMatrix(), _engine);
        Widen(_y, scale, y);
    }

    public override int Correct(
        Tensor<double> r, Tensor<double> g, double[] gradients, double[] limits, int most, Tensor<double> y, Action<double>? report, CancellationToken cancellationToken)
    {
        // Scaled so that the numbers lie in the middle of the range. The gradient is given, not made of r: a correction is as accurate as the gradient is, however small beside r.
        double scale = Scale(LinearAlgebra.FrobeniusNorm(r.AsReadOnlyMatrix()));
        Narrow(r, scale, _r);
        Narrow(g, scale, _g);
        double[] reach = [.. limits.Zip(gradients, (limit, gradient) => Math.Max(limit, Gain * gradient) / scale)];
        int steps = _lsqr.Run(_r, _g, reach, most, _y, report, cancellationToken);
        Widen(_y, scale, y);
        return steps;
    }

    private static double Scale(double norm) => norm > 0 && double.IsFinite(norm) ? norm : 1;

    /// <summary>The numbers of a matrix with contiguous rows in single precision, row by row.</summary>
    internal static void Narrow(in ReadOnlyMatrixView<double> from, float* to)
    {
        int n = from.Columns, rows = from.Rows;
        fixed (double* source = from)
        {
            double* s = source;
            nint stride = from.RowStride;
            WorkTeam.Run(rows, Parallelism.Current.ThreadsForBytes(12.0 * rows * n), i =>
                TensorPrimitives.ConvertTruncating(new ReadOnlySpan<double>(s + (i * stride), n), new Span<float>(to + ((nint)i * n), n)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(Tensor<double> from, double scale, Tensor<float> to)
    {
        ReadOnlySpan<double> source = LinearAlgebra.Elements(from);
        Span<float> target = LinearAlgebra.Elements(to);
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = (float)(source[i] / scale);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(Tensor<float> from, double scale, Tensor<double> to)
    {
        ReadOnlySpan<float> source = LinearAlgebra.Elements(from);
        Span<double> target = LinearAlgebra.Elements(to);
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = scale * source[i];
        }
    }

    internal static Tensor<double> Widen(Tensor<float> from)
    {
        Tensor<double> to = FreshMemory.Zeros<double>(from.Lengths);
        Widen(from, 1, to);
        return to;
    }
}
