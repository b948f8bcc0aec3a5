using System.Numerics;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>A sketch as the state of a map.</summary>
internal class SketchState<T>(RowSketch<T> sketch) : FeatureState<T>(sketch.InputDimension, sketch.OutputDimension)
    where T : unmanaged, INumberBase<T>
{
    public RowSketch<T> Sketch => sketch;

    /// <summary>Sketches cut their rows themselves.</summary>
    public override int BatchRows => 4096;

    public override unsafe void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
    {
        fixed (T* target = features)
        {
            sketch.Fill(x, Pinned.Block(features, target), backend);
        }
    }
}
