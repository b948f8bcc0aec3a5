using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The d x m weights of one factor of a product sketch. Row j, of coordinate j, is its own stream of the seed: more features or more coordinates keep the earlier weights, and any block is drawn alone.
/// </summary>
internal readonly record struct WeightMatrix<T>(ulong Seed, int Factor, ProjectionWeights Weights, bool Complex)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Weights first, first + 1, ... of a coordinate; the imaginary parts where the weights are complex.</summary>
    public void Row(int coordinate, int first, Span<T> real, Span<T> imaginary)
    {
        CounterRandom weight = SketchStream.Of(Seed, StreamRole.Weight, Factor, coordinate), other = SketchStream.Of(Seed, StreamRole.ImaginaryWeight, Factor, coordinate);
        if (Weights == ProjectionWeights.Gaussian)
        {
            weight.Normal(real, (ulong)first);
            if (Complex)
            {
                other.Normal(imaginary, (ulong)first);
                T half = T.CreateTruncating(Math.Sqrt(0.5));
                TensorPrimitives.Multiply(real, half, real);
                TensorPrimitives.Multiply(imaginary, half, imaginary);
            }

            return;
        }

        weight.Signs(real, (ulong)first);
        if (Complex)
        {
            other.Signs(imaginary, (ulong)first);
            for (int t = 0; t < real.Length; t++)
            {
                (real[t], imaginary[t]) = T.IsNegative(imaginary[t]) ? (T.Zero, real[t]) : (real[t], T.Zero);
            }
        }
    }
}
