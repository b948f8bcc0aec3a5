using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Rows whose inner products a kernel takes to a power.</summary>
internal static class KernelRows
{
    /// <summary>(sqrt(gamma) x, sqrt(constant)) for every row.</summary>
    public static Tensor<double> Homogeneous(Tensor<double> rows, in PolynomialKernel kernel)
    {
        int m = (int)rows.Lengths[0], d = (int)rows.Lengths[1], width = kernel.Homogeneous(d);
        Tensor<double> result = FreshMemory.Zeros<double>([m, width]);
        ReadOnlySpan<double> source = LinearAlgebra.Elements(rows);
        Span<double> target = LinearAlgebra.Elements(result);
        double scale = Math.Sqrt(kernel.Gamma), constant = Math.Sqrt(kernel.Constant);
        for (int i = 0; i < m; i++)
        {
            Span<double> line = target.Slice(i * width, width);
            TensorPrimitives.Multiply(source.Slice(i * d, d), scale, line[..d]);
            if (width > d)
            {
                line[d] = constant;
            }
        }

        return result;
    }
}
