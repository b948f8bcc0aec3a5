using System.Numerics;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Cli.Compare.Operations;

/// <summary>The complex Fourier transform of split data, its plan made beforehand. It works in place, so every run begins with a copy of the input, which counts as its reading.</summary>
internal sealed class FftOperation : IOperation
{
    public string Name => "fft";

    public ShapeKind Shapes => ShapeKind.Vector;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => null;

    public bool UsesEngine => false;

    public Cost Cost(Problem problem) => NominalCost.Fft(problem.Shape[0]);

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0]);

    private sealed class Work<T>(int n) : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly FftPlan<T> _plan = new(n);
        private readonly T[] _real = SeededInput.Uniform<T>(n), _imaginary = SeededInput.Uniform<T>(n, 1), _outReal = new T[n], _outImaginary = new T[n];

        public override void Run(ILinearAlgebraBackend engine)
        {
            _real.CopyTo(_outReal, 0);
            _imaginary.CopyTo(_outImaginary, 0);
            _plan.Forward(_outReal, _outImaginary);
        }

        public override double? AccuracyRatio()
        {
            double[] real = Doubles(_real), imaginary = Doubles(_imaginary);
            return FourierAccuracy.Ratio(real, imaginary, k => (double.CreateTruncating(_outReal[k]), double.CreateTruncating(_outImaginary[k])), SeededInput.Epsilon<T>());
        }

        private static double[] Doubles(T[] values) => [.. values.Select(double.CreateTruncating)];
    }
}
