namespace Polyad.Sketching;

/// <summary>What a step of a tree does.</summary>
internal enum TreeAction
{
    /// <summary>A factor becomes a value.</summary>
    Leaf,

    /// <summary>Two values are joined by a node.</summary>
    Join,

    /// <summary>A value is the sketch of a degree.</summary>
    Copy,
}

/// <summary>A value of a tree: the factor it is (or -1), and the slot that holds it.</summary>
internal readonly record struct TreeValue(int Factor, int Slot);

/// <summary>The name of a node: its number (0 for the linear sketch of one factor), whether its children are leaves, and whether it is a root.</summary>
internal readonly record struct TreeNodeName(int Number, bool LeafLeft, bool LeafRight, bool Root);

/// <summary>One step. The result goes to a slot, or is the sketch of a degree.</summary>
internal readonly record struct TreeStep(TreeAction Action, TreeNodeName Node, TreeValue Left, TreeValue Right, int Slot, int Degree);

/// <summary>
/// The steps that compute the wanted degrees of a recursive sketch. Balanced: factors join like the digits of a binary counter; the complete subtrees so far, joined from the right, are the sketch of the
/// current degree, as if all later factors were e1 and their nodes passed the sibling through. A node is named by its level and its first factor, so that no degree's sketch depends on the highest degree.
/// </summary>
internal sealed class TreePlan
{
    private const int SequentialNodes = 1 << 16;

    private readonly List<TreeStep> _steps = [];
    private readonly Stack<int> _free = [];
    private readonly int _degree;
    private readonly Func<int, bool> _wanted;

    /// <param name="shape">How factors are joined.</param>
    /// <param name="degree">The highest degree.</param>
    /// <param name="wanted">Which degrees are computed; the highest is.</param>
    public TreePlan(TreeShape shape, int degree, Func<int, bool> wanted)
    {
        (_degree, _wanted) = (degree, wanted);
        if (shape == TreeShape.Balanced)
        {
            Balanced();
        }
        else
        {
            Sequential();
        }
    }

    public IReadOnlyList<TreeStep> Steps => _steps;

    /// <summary>How many values are held at once.</summary>
    public int Slots { get; private set; }

    private void Balanced()
    {
        // Complete subtrees, of falling level: the last one is on top.
        List<(int Level, int First, TreeValue Value)> complete = [];
        for (int j = 1; j <= _degree; j++)
        {
            complete.Add((0, j - 1, Leaf(j - 1)));
            while (complete.Count > 1 && complete[^1].Level == complete[^2].Level)
            {
                (int level, int first, TreeValue left) = complete[^2];
                TreeValue right = complete[^1].Value;
                complete.RemoveRange(complete.Count - 2, 2);
                bool root = j == _degree && complete.Count == 0;
                TreeValue joined = Join(Name(level + 1, first), left, right, root ? j : 0);
                Release(left);
                Release(right);
                if (!root)
                {
                    complete.Add((level + 1, first, joined));
                }
            }

            if (complete.Count > 0 && _wanted(j))
            {
                Partial(complete, j);
            }
        }
    }

    /// <summary>The sketch of degree j from its complete subtrees.</summary>
    private void Partial(List<(int Level, int First, TreeValue Value)> complete, int j)
    {
        TreeValue right = complete[^1].Value;
        if (complete.Count == 1)
        {
            Single(right, j);
            return;
        }

        for (int i = complete.Count - 2; i >= 0; i--)
        {
            (int level, int first, TreeValue left) = complete[i];
            TreeValue joined = Join(Name(level + 1, first), left, right, i == 0 ? j : 0);
            if (i < complete.Count - 2)
            {
                Release(right);
            }

            right = joined;
        }
    }

    private void Sequential()
    {
        TreeValue product = Leaf(0);
        for (int j = 1; ; j++)
        {
            if (_wanted(j) && (j < _degree || j == 1))
            {
                Single(product, j);
            }

            if (j == _degree)
            {
                return;
            }

            TreeValue leaf = Leaf(j), joined = Join(SequentialNodes + j, product, leaf, j + 1 == _degree ? j + 1 : 0);
            Release(product);
            Release(leaf);
            product = joined;
        }
    }

    /// <summary>A value that is a degree's sketch by itself; a factor is projected first.</summary>
    private void Single(TreeValue value, int j)
        => _steps.Add(value.Factor >= 0
            ? new(TreeAction.Join, new(0, true, false, true), value, new(-1, -1), -1, j)
            : new(TreeAction.Copy, default, value, default, -1, j));

    private TreeValue Join(int number, TreeValue left, TreeValue right, int degree)
    {
        int slot = degree > 0 ? -1 : Take();
        _steps.Add(new(TreeAction.Join, new(number, left.Factor >= 0, right.Factor >= 0, degree > 0), left, right, slot, degree));
        return new(-1, slot);
    }

    private TreeValue Leaf(int factor)
    {
        TreeValue value = new(factor, Take());
        _steps.Add(new(TreeAction.Leaf, default, value, default, value.Slot, 0));
        return value;
    }

    private int Take() => _free.TryPop(out int slot) ? slot : Slots++;

    private void Release(TreeValue value)
    {
        if (value.Slot >= 0)
        {
            _free.Push(value.Slot);
        }
    }

    private static int Name(int level, int first) => 1 + (level * PolynomialKernel.MaxDegree) + first;
}
