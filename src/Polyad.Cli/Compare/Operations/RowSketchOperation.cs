using System.Numerics;

namespace Polyad.Cli.Compare.Operations;

/// <summary>D features of each of m rows of n numbers, by the library's own code: D is the rank.</summary>
internal abstract class RowSketchOperation(string name) : IOperation
{
    public string Name => name;

    public ShapeKind Shapes => ShapeKind.Rectangle;

    public OperationParameters Parameters => OperationParameters.Rank;

    public int DefaultRank => 1024;

    public LinearAlgebraOperation? Primitive => null;

    public virtual bool UsesEngine => false;

    public bool ShowsTraffic => true;

    /// <summary>Why the features come in pairs; null where they do not.</summary>
    protected virtual string? Pairs => null;

    public string? Unsuited(Problem problem) => problem.Rank % 2 != 0 ? Pairs : null;

    public abstract Cost Cost(Problem problem);

    Workload IOperation.Prepare<T>(Problem problem) => Prepare<T>(problem.Shape[0], problem.Shape[1], problem.Rank!.Value);

    protected abstract Workload Prepare<T>(int m, int n, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
