using System.Numerics;

namespace Polyad.Sketching;

/// <summary>The nodes of a recursive sketch, and the walk through them for a batch of rows.</summary>
internal sealed unsafe class SketchTree<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly TreePlan _plan;
    private readonly SketchNode<T>?[] _nodes;
    private readonly LeafProjection<T>[] _leaves;
    private readonly bool _complex;
    private readonly int _inner;
    private readonly int _leaf;
    private readonly int _workLines;

    /// <param name="dimension">The length of a factor.</param>
    /// <param name="degree">The highest degree.</param>
    /// <param name="outputDimension">Real numbers of a degree's sketch.</param>
    /// <param name="wanted">The degrees that are computed.</param>
    /// <param name="options">Shape and sizes.</param>
    /// <param name="seed">The seed.</param>
    public SketchTree(int dimension, int degree, int outputDimension, Func<int, bool> wanted, TreeOptions options, ulong seed)
    {
        int parts = options.Complex ? 2 : 1;
        _complex = options.Complex;
        Outputs = outputDimension / parts;
        _inner = options.Inner(outputDimension) / parts;
        _leaf = options.Leaf(dimension, outputDimension);
        _leaves = options.LeafNonZeros == 0 ? [] : [.. Enumerable.Range(0, degree).Select(leaf => new LeafProjection<T>(dimension, _leaf, options.LeafNonZeros, seed, leaf))];
        _plan = new TreePlan(options.Shape, degree, wanted);
        Dictionary<TreeNodeName, SketchNode<T>> nodes = [];
        foreach (TreeStep step in _plan.Steps)
        {
            if (step.Action == TreeAction.Join && !nodes.ContainsKey(step.Node))
            {
                TreeNodeName name = step.Node;
                nodes[name] = new SketchNode<T>(name.LeafLeft ? _leaf : _inner, name.Number == 0 ? 0 : name.LeafRight ? _leaf : _inner, name.Root ? Outputs : _inner, options.Complex, seed, name.Number);
            }
        }

        _nodes = [.. _plan.Steps.Select(step => nodes.GetValueOrDefault(step.Node))];
        _workLines = nodes.Values.Max(node => node.WorkLines);
        FlopsPerRow = _nodes.Sum(node => node?.Flops ?? 0);
    }

    /// <summary>Numbers of a degree's sketch, real or complex.</summary>
    public int Outputs { get; }

    public double FlopsPerRow { get; }

    /// <summary>Computes the wanted degrees of a batch of rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="target">Where the sketch of degree j goes: lines of real parts, then of imaginary parts.</param>
    public void Run(HomogeneousRows<T> rows, int first, int count, Func<int, nint> target)
    {
        int lanes = LaneSketch<T>.Lanes;
        nint imaginary = (nint)_inner * lanes, size = Math.Max(_leaf, (_complex ? 2 : 1) * (nint)_inner) * lanes;

        // The factors of a power are one vector, in a slot of its own.
        bool shared = _leaves.Length == 0 && rows.IsPower;
        using Scratch<T> scratch = Workspace.Rent<T>(((_plan.Slots + (shared ? 1 : 0)) * size) + ((nint)_workLines * lanes));
        T* slots = scratch.Pointer + ((nint)_workLines * lanes);
        T* power = slots + (_plan.Slots * size);
        if (shared)
        {
            rows.CopyLanes(0, first, count, power, lanes);
        }

        for (int s = 0; s < _nodes.Length; s++)
        {
            TreeStep step = _plan.Steps[s];
            switch (step.Action)
            {
                case TreeAction.Leaf when !shared:
                    if (_leaves.Length > 0)
                    {
                        _leaves[step.Left.Factor].Fill(rows, step.Left.Factor, first, count, slots + (step.Slot * size));
                    }
                    else
                    {
                        rows.CopyLanes(step.Left.Factor, first, count, slots + (step.Slot * size), lanes);
                    }

                    break;
                case TreeAction.Copy:
                    new Span<T>(slots + (step.Left.Slot * size), (int)(imaginary * (_complex ? 2 : 1))).CopyTo(new Span<T>((T*)target(step.Degree), (int)(imaginary * (_complex ? 2 : 1))));
                    break;
                case TreeAction.Join:
                    T* result = step.Degree > 0 ? (T*)target(step.Degree) : slots + (step.Slot * size);
                    LaneVector<T> joined = new(result, _complex ? result + ((nint)_nodes[s]!.Outputs * lanes) : null);
                    _nodes[s]!.Join(Value(step.Left), Value(step.Right), joined, scratch.Pointer);
                    break;
            }
        }

        LaneVector<T> Value(TreeValue value)
        {
            T* origin = value.Factor >= 0 && shared ? power : slots + (value.Slot * size);
            return new(origin, value.Factor >= 0 || !_complex ? null : origin + imaginary);
        }
    }
}
