using System.Numerics.Tensors;
using Polyad.IO;

namespace Polyad.SketchExperiments;

/// <summary>Images as rows of numbers.</summary>
internal static class ImageRows
{
    /// <summary>The first images of a file of bytes, a row each, from 0 to 1.</summary>
    public static Tensor<double> Read(string path, int rows)
    {
        Tensor<double> images = NpyFile.Read<double>(path);
        int count = (int)Math.Min(rows, images.Lengths[0]), pixels = (int)(images.FlattenedLength / images.Lengths[0]);
        double[] numbers = new double[count * pixels];
        TensorPrimitives.Divide<double>(images.ToArray().AsSpan(0, numbers.Length), 255, numbers);
        return Tensor.Create(numbers, [count, pixels]);
    }

    /// <summary>The rows brought to length 1.</summary>
    public static Tensor<double> OfUnitLength(Tensor<double> data)
    {
        int n = (int)data.Lengths[0], d = (int)data.Lengths[1];
        double[] numbers = [.. data];
        for (int i = 0; i < n; i++)
        {
            Span<double> row = numbers.AsSpan(i * d, d);
            TensorPrimitives.Divide(row, TensorPrimitives.Norm<double>(row), row);
        }

        return Tensor.Create(numbers, [n, d]);
    }
}
