using System.Numerics;

namespace Polyad.Cli.Compare.Operations;

/// <summary>The fast Walsh-Hadamard transform of -1, 0 and 1: every sum is a small integer, so right is only what is exact. Every run begins with a copy of the input, which counts as its reading.</summary>
internal sealed class WalshHadamardOperation : IOperation
{
    public string Name => "fwht";

    public ShapeKind Shapes => ShapeKind.Vector;

    public OperationParameters Parameters => OperationParameters.None;

    public LinearAlgebraOperation? Primitive => null;

    public bool UsesEngine => false;

    public Cost Cost(Problem problem) => NominalCost.WalshHadamard(problem.Shape[0]);

    public string? Unsuited(Problem problem) => int.IsPow2(problem.Shape[0]) ? null : "the length must be a power of two";

    Workload IOperation.Prepare<T>(Problem problem) => new Work<T>(problem.Shape[0]);

    private sealed class Work<T> : Workload
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _x, _y;

        public Work(int n)
        {
            _x = SeededInput.Uniform<T>(n);
            _y = new T[n];
            for (int i = 0; i < n; i++)
            {
                _x[i] = T.Round(T.CreateTruncating(1.5) * _x[i]);
            }
        }

        public override void Run(ILinearAlgebraBackend engine)
        {
            _x.CopyTo(_y, 0);
            WalshHadamard.Forward<T>(_y);
        }

        public override double? AccuracyRatio()
        {
            long[] exact = [.. _x.Select(long.CreateTruncating)];
            for (int half = 1; half < exact.Length; half *= 2)
            {
                for (int i = 0; i < exact.Length; i++)
                {
                    if ((i & half) == 0)
                    {
                        (exact[i], exact[i + half]) = (exact[i] + exact[i + half], exact[i] - exact[i + half]);
                    }
                }
            }

            return _y.Zip(exact).All(static pair => double.CreateTruncating(pair.First) == pair.Second) ? 0 : double.PositiveInfinity;
        }
    }
}
