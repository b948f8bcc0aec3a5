using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Anderson mixing for a fixed point of x -> g(x) (Anderson 1965; Walker, Ni 2011): with residuals f = g - x, the differences of the last residuals are combined so that the newest one is
/// met best in least squares, and the same combination of the g is the next point. The least squares go through Gram-Schmidt from the newest difference on; an old one that is nearly
/// a combination of newer ones is dropped.
/// </summary>
internal sealed class AndersonMixing(int window)
{
    /// <summary>What must be left of a difference after newer ones are taken out of it.</summary>
    private const double Independent = 1e-6;

    private readonly List<double[]> _points = [];
    private readonly List<double[]> _images = [];

    /// <summary>Pairs held.</summary>
    public int Count => _points.Count;

    public void Clear()
    {
        _points.Clear();
        _images.Clear();
    }

    public void Add(double[] x, double[] g)
    {
        if (_points.Count == window + 1)
        {
            _points.RemoveAt(0);
            _images.RemoveAt(0);
        }

        _points.Add(x);
        _images.Add(g);
    }

    /// <summary>The next point, from two pairs or more.</summary>
    public double[] Next()
    {
        int last = _points.Count - 1;
        double[] residual = Difference(_images[last], _points[last]), next = (double[])_images[last].Clone(), newer = residual;
        List<double[]> directions = [], moves = [];
        for (int k = last - 1; k >= 0; k--)
        {
            double[] older = Difference(_images[k], _points[k]), direction = Difference(newer, older), move = Difference(_images[k + 1], _images[k]);
            newer = older;
            double before = TensorPrimitives.Norm<double>(direction);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int m = 0; m < directions.Count; m++)
                {
                    double share = TensorPrimitives.Dot<double>(directions[m], direction);
                    TensorPrimitives.MultiplyAdd(directions[m], -share, direction, direction);
                    TensorPrimitives.MultiplyAdd(moves[m], -share, move, move);
                }
            }

            double norm = TensorPrimitives.Norm<double>(direction);
            if (!(norm > Independent * before))
            {
                continue;
            }

            TensorPrimitives.Divide(direction, norm, direction);
            TensorPrimitives.Divide(move, norm, move);
            directions.Add(direction);
            moves.Add(move);
        }

        for (int m = 0; m < directions.Count; m++)
        {
            TensorPrimitives.MultiplyAdd(moves[m], -TensorPrimitives.Dot<double>(directions[m], residual), next, next);
        }

        return next;
    }

    public void AddTo(ModelArchive archive, string prefix)
    {
        archive.Add(prefix + "pairs", Count);
        for (int k = 0; k < Count; k++)
        {
            archive.Add($"{prefix}point_{k}", _points[k]);
            archive.Add($"{prefix}image_{k}", _images[k]);
        }
    }

    public void Restore(ModelArchive archive, string prefix)
    {
        Clear();
        for (int k = 0; k < archive.Whole(prefix + "pairs"); k++)
        {
            Add(archive.Numbers($"{prefix}point_{k}"), archive.Numbers($"{prefix}image_{k}"));
        }
    }

    private static double[] Difference(double[] a, double[] b)
    {
        double[] difference = new double[a.Length];
        TensorPrimitives.Subtract(a, b, difference);
        return difference;
    }
}
