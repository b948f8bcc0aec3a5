using System.Numerics;

namespace Polyad.Sketching;

/// <summary>The kinds that a file may name.</summary>
internal static class FeatureMapKinds
{
    public const string Linear = "linear";
    public const string Union = "union";
    public const string Pipeline = "pipeline";
    public const string StandardScaler = "standard-scaler";

    public static FeatureMap<T> Read<T>(FeatureMapReader reader, IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others)
        where T : unmanaged, INumberBase<T>
        => reader.Kind switch
        {
            Linear => LinearFeatures<T>.Read(reader),
            Union => FeatureUnion<T>.Read(reader, others),
            Pipeline => FeaturePipeline<T>.Read(reader, others),
            StandardScaler => StandardScaler<T>.Read(reader),
            _ => throw reader.Wrong($"this library has no map of kind '{reader.Kind}'"),
        };
}
