using System.Numerics;

namespace Polyad.Cli.Compare;

/// <summary>The shapes that an operation takes.</summary>
internal enum ShapeKind
{
    /// <summary>n, or n x n.</summary>
    Square,

    /// <summary>n, or m x n.</summary>
    Rectangle,

    /// <summary>n, or m x n x k.</summary>
    Product,

    /// <summary>A tensor of any order from 2.</summary>
    Tensor,

    /// <summary>n: a vector.</summary>
    Vector,
}

/// <summary>What the user may set beside the shape.</summary>
[Flags]
internal enum OperationParameters
{
    None = 0,
    Mode = 1,
    Rank = 2,
}

/// <summary>An operation that engines are compared on.</summary>
internal interface IOperation
{
    string Name { get; }

    ShapeKind Shapes { get; }

    OperationParameters Parameters { get; }

    /// <summary>The contract's operation whose code runs; null when the library's own code runs, on any engine or none.</summary>
    LinearAlgebraOperation? Primitive { get; }

    /// <summary>Whether engines differ at all; what uses none is measured once, under the id of the managed engine.</summary>
    bool UsesEngine => true;

    /// <summary>The rank where the user gives none.</summary>
    int DefaultRank => 10;

    /// <summary>Whether bytes per second say something beside operations per second.</summary>
    bool ShowsTraffic => Shapes is ShapeKind.Tensor or ShapeKind.Vector;

    /// <summary>Why a problem of the right kind of shape cannot be computed all the same; null when it can.</summary>
    string? Unsuited(Problem problem) => null;

    /// <summary>The nominal cost, the same for every engine.</summary>
    Cost Cost(Problem problem);

    /// <summary>Makes inputs from a fixed seed, and room for outputs.</summary>
    Workload Prepare<T>(Problem problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>An operation with its inputs, ready to run on any engine.</summary>
internal abstract class Workload
{
    public abstract void Run(ILinearAlgebraBackend engine);

    /// <summary>The error of what the last <see cref="Run"/> wrote, over what theory allows for rounding; null when there is nothing to judge it by.</summary>
    public abstract double? AccuracyRatio();
}
