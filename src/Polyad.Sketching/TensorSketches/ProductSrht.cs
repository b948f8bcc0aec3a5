using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// The product of subsampled randomized Hadamard transforms: feature t is D^(-1/2) times the product over the factors i of w_it . x_i, where the w_it are rows of H diag(s_i) (Hamid, Xiao, Gittens, DeCoste
/// 2014; complex and complex-to-real: Wacker, Ohana, Filippone 2022). One Hadamard transform per factor and row; any d, padded to a power of two. At degree 1 and D a multiple of the padded length it is an isometry.
/// O(p (d log d + D)) per row.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class ProductSrht<T> : LaneSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly HadamardFactor<T>[] _factors;
    private readonly T _scale;

    /// <summary>Draws a sketch.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="kernel">The kernel; a number is the degree of the homogeneous one.</param>
    /// <param name="outputDimension">D, at least 1; even for a complex sketch.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="complex">Signs 1, -1, i, -i and features [Re, Im] of D/2 complex numbers.</param>
    /// <param name="sampling">How the rows of H are drawn.</param>
    /// <exception cref="ArgumentException">A dimension is out of range, or odd for a complex sketch.</exception>
    public ProductSrht(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0, bool complex = true, HadamardSampling sampling = HadamardSampling.Shared)
        : base(SketchFamily.ProductSrht(complex, sampling), inputDimension, kernel, outputDimension, seed)
    {
        int outputs = complex ? outputDimension / 2 : outputDimension;
        _factors = new HadamardFactor<T>[Degree];
        for (int k = 0; k < Degree; k++)
        {
            _factors[k] = new HadamardFactor<T>(kernel.Homogeneous(inputDimension), outputs, complex, sampling, seed, k);
        }

        _scale = T.CreateTruncating(1 / Math.Sqrt(outputs));
    }

    internal override double FlopsPerRow => Degree * _factors[0].Flops;

    internal override void Batch(HomogeneousRows<T> rows, int first, int count, T* lines)
    {
        int size = _factors[0].Size, outputs = _factors[0].Outputs;
        using Scratch<T> scratch = Workspace.Rent<T>((IsComplex ? 3 : 2) * (nint)size * Lanes);
        T* x = scratch.Pointer;
        T* w = x + ((nint)size * Lanes);
        T* wi = w + ((nint)size * Lanes);
        T* imaginary = lines + ((nint)outputs * Lanes);
        for (int k = 0; k < Degree; k++)
        {
            if (k == 0 || !rows.IsPower)
            {
                rows.CopyLanes(k, first, count, x, Lanes);
            }

            HadamardFactor<T> factor = _factors[k];
            for (int segment = 0; segment < factor.Segments; segment++)
            {
                if (!IsComplex)
                {
                    factor.Transform(segment, x, w);
                    if (k == 0)
                    {
                        factor.Take(segment, _scale, w, lines);
                    }
                    else
                    {
                        factor.Multiply(segment, w, lines);
                    }

                    continue;
                }

                factor.Transform(segment, x, null, w, wi);
                if (k == 0)
                {
                    factor.Take(segment, _scale, w, lines);
                    factor.Take(segment, _scale, wi, imaginary);
                }
                else
                {
                    factor.Multiply(segment, w, wi, lines, imaginary);
                }
            }
        }
    }
}
