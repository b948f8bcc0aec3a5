namespace Polyad.Sketching;

internal sealed record TreeFamily(TreeOptions Options) : SketchFamily
{
    public override string Name
        => (Options.Complex ? "complex-to-real " : "") + (Options.Shape == TreeShape.Balanced ? "tree" : "sequential") + " sketch"
        + (Options.Expansion > 1 ? $", inner nodes x {Options.Expansion}" : "") + (Options.LeafNonZeros > 0 ? $", leaves of {Options.LeafNonZeros}" : "");

    public override bool IsComplex => Options.Complex;

    public override PolynomialSketch<T> Create<T>(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0)
        => new TreeSketch<T>(inputDimension, kernel, outputDimension, seed, Options);

    /// <summary>
    /// The moments of a node's output follow from those of its children, which are independent: the variance of a tree is a recursion along the same steps that compute it.
    /// </summary>
    internal override MomentMap Moments(int degree, int dimension, int outputDimension)
    {
        int leafRows = Options.Leaf(dimension, outputDimension), inner = Outputs(Options.Inner(outputDimension)), outputs = Outputs(outputDimension);
        TreePlan plan = new(Options.Shape, degree, j => j == degree);
        return factors =>
        {
            Span<PairMoments> slots = stackalloc PairMoments[plan.Slots], children = stackalloc PairMoments[2];
            Span<double> rows = stackalloc double[2];
            PairMoments root = default;
            foreach (TreeStep step in plan.Steps)
            {
                if (step.Action == TreeAction.Leaf)
                {
                    PairMoments factor = factors[step.Left.Factor];
                    slots[step.Slot] = Options.LeafNonZeros == 0 ? factor : HashMoments.Sparse(factor, leafRows, Options.LeafNonZeros);
                    continue;
                }

                TreeNodeName node = step.Node;
                int m = node.Root ? outputs : inner, arity = node.Number == 0 ? 1 : 2;
                children[0] = slots[step.Left.Slot];
                children[1] = arity == 2 ? slots[step.Right.Slot] : default;
                rows[0] = HadamardMoments.Rows(node.LeafLeft ? leafRows : inner, m, HadamardSampling.Shared);
                rows[1] = HadamardMoments.Rows(node.LeafRight ? leafRows : inner, m, HadamardSampling.Shared);
                PairMoments joined = ProjectionMoments.Product(children[..arity], m, ProjectionWeights.Rademacher, Options.Complex, (double)m * (m - 1), rows[..arity]);
                if (step.Degree > 0)
                {
                    root = joined;
                }
                else
                {
                    slots[step.Slot] = joined;
                }
            }

            return root;
        };
    }
}
