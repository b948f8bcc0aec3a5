using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// An isotropic kernel as a mixture of frequencies of some lengths: k(z) = sum w_i Omega_d(r_i z), Omega_d(u) the mean of cos(u t) over the first coordinate t of the unit sphere in d dimensions.
/// </summary>
internal sealed record RadialMixture : IsotropicKernel
{
    private const int Distances = 120;
    private const int Radii = 60;

    private readonly double[] _radii;
    private readonly double[] _weights;

    private RadialMixture(double[] radii, double[] weights, double error) => (_radii, _weights, Error) = (radii, weights, error);

    /// <summary>The largest difference from what it approximates.</summary>
    public double Error { get; }

    /// <summary>The mixture nearest to a kernel in mean square over distances from 0 to 2, with k(0) = 1.</summary>
    /// <param name="kernel">A function of the distance with kernel(0) = 1.</param>
    /// <param name="columns">d.</param>
    /// <param name="deviation">The standard deviation of a coordinate of the frequencies of the Gaussian with the kernel's curvature at 0: it sets the range of lengths.</param>
    public static RadialMixture Nearest(Func<double, double> kernel, int columns, double deviation)
    {
        // From far inside the Gaussian's typical length, deviation sqrt(d), to far outside.
        double typical = deviation * Math.Sqrt(columns), spread = 4 * deviation;
        double[] radii = [.. Enumerable.Range(0, Radii).Select(i => i * (typical + (2 * spread)) / (Radii - 1))];
        Tensor<double> matrix = FreshMemory.Zeros<double>([Distances + 1, Radii]);
        double[] target = new double[Distances + 1];
        SphereMean mean = new(columns);
        for (int i = 0; i < Distances; i++)
        {
            double z = 2.0 * i / (Distances - 1);
            target[i] = kernel(z);
            for (int j = 0; j < Radii; j++)
            {
                matrix[i, j] = mean.Cosine(radii[j] * z);
            }
        }

        // k(0) = 1 as a heavy equation; what is left of it is divided out.
        const double Heavy = 1e3;
        target[Distances] = Heavy;
        for (int j = 0; j < Radii; j++)
        {
            matrix[Distances, j] = Heavy;
        }

        double[] weights = NonNegativeLeastSquares.Solve(matrix, target);
        TensorPrimitives.Divide(weights, TensorPrimitives.Sum<double>(weights), weights);
        double error = 0;
        for (int i = 0; i < Distances; i++)
        {
            double value = 0;
            for (int j = 0; j < Radii; j++)
            {
                value += weights[j] * matrix[i, j];
            }

            error = Math.Max(error, Math.Abs(value - target[i]));
        }

        return new RadialMixture(radii, weights, error);
    }

    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        SphereMean mean = new(x.Columns);
        RowGeometry.OfSquaredDistances(x, y, k, backend, 1e4, row => ElementMath.Apply(row, squared =>
        {
            double z = Math.Sqrt(squared), sum = 0;
            for (int i = 0; i < _radii.Length; i++)
            {
                sum += _weights[i] == 0 ? 0 : _weights[i] * mean.Cosine(_radii[i] * z);
            }

            return sum;
        }));
    }

    /// <summary>Length r_i with probability w_i.</summary>
    protected internal override void DrawLengths(int columns, int space, Span<double> lengths, in FitContext context)
    {
        context.Draws(DrawStream.Lengths).Uniform(lengths);
        for (int i = 0; i < lengths.Length; i++)
        {
            int at = 0;
            for (double left = lengths[i]; at + 1 < _weights.Length && left >= _weights[at]; at++)
            {
                left -= _weights[at];
            }

            lengths[i] = _radii[at];
        }
    }
}

/// <summary>The mean of cos(u t) over the first coordinate t = sin(phi) of the unit sphere in d dimensions, whose density in phi is proportional to cos(phi)^(d - 2).</summary>
internal sealed class SphereMean
{
    private const int Nodes = 200;

    private readonly double[] _coordinates;
    private readonly double[] _weights;

    /// <summary>Prepares Gauss-Legendre nodes in phi, where the integrand is entire, up to where the density is negligible.</summary>
    public SphereMean(int dimension)
    {
        if (dimension == 1)
        {
            (_coordinates, _weights) = ([1], [1]);
            return;
        }

        double reach = dimension == 2 ? Math.PI / 2 : Math.Acos(Math.Exp(-46.0 / (dimension - 2)));
        _coordinates = new double[Nodes / 2];
        _weights = new double[Nodes / 2];
        for (int i = 0; i < _coordinates.Length; i++)
        {
            (double node, double weight) = Legendre(i);
            _coordinates[i] = Math.Sin(reach * node);
            _weights[i] = weight * Math.Pow(Math.Cos(reach * node), dimension - 2);
        }

        TensorPrimitives.Divide(_weights, TensorPrimitives.Sum<double>(_weights), _weights);
    }

    public double Cosine(double u)
    {
        double sum = 0;
        for (int i = 0; i < _coordinates.Length; i++)
        {
            sum += _weights[i] * Math.Cos(u * _coordinates[i]);
        }

        return sum;
    }

    /// <summary>The i-th largest node and its weight, by Newton's method on the Legendre polynomial.</summary>
    private static (double Node, double Weight) Legendre(int i)
    {
        double x = Math.Cos(Math.PI * (i + 0.75) / (Nodes + 0.5)), slope = 0;
        for (int step = 0; step < 10; step++)
        {
            double p = 1, previous = 0;
            for (int n = 1; n <= Nodes; n++)
            {
                (previous, p) = (p, ((((2 * n) - 1) * x * p) - ((n - 1) * previous)) / n);
            }

            slope = Nodes * ((x * p) - previous) / ((x * x) - 1);
            x -= p / slope;
        }

        return (x, 2 / ((1 - (x * x)) * slope * slope));
    }
}
