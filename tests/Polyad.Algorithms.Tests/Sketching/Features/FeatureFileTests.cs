using System.Numerics.Tensors;
using System.Text;
using Polyad.IO;
using Xunit;

namespace Polyad.Sketching;

public sealed class FeatureFileTests
{
    private static readonly Tensor<double> Rows = FeatureContractTests.SomeRows(30);

    public static TheoryData<string> Kinds => [.. FeatureKinds.Of<double>().Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_map_that_was_saved_transforms_as_before(string kind)
    {
        FeatureMap<double> map = FeatureKinds.Of<double>()[kind].Fit(Rows, seed: 7);
        FeatureMap<double> loaded = FeatureMap.Load<double>(Saved(map));
        Assert.Equal(map.GetType(), loaded.GetType());
        Assert.Equal(map.FeatureNames, loaded.FeatureNames);
        Assert.Equal((double[])[.. map.Transform(Rows)], (double[])[.. loaded.Transform(Rows)]);
        Assert.Equal(Saved(map).ToArray(), Saved(loaded).ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_damaged_file_is_refused_whatever_the_damage(string kind)
    {
        byte[] good = Saved(FeatureKinds.Of<double>()[kind].Fit(Rows, seed: 7)).ToArray();
        CounterRandom random = new(11);
        int[] places = new int[300];
        random.Integers(places, good.Length);
        for (int trial = 0; trial < places.Length; trial++)
        {
            byte[] bad = trial % 3 == 0 ? good[..places[trial]] : [.. good];
            if (trial % 3 > 0)
            {
                bad[places[trial]] ^= (byte)(1 << (trial % 8));
            }

            try
            {
                // Some bits mean nothing, or another number: then the map works.
                FeatureMap.Load<double>(new MemoryStream(bad)).Transform(Rows);
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException or OverflowException)
            {
            }
        }
    }

    [Fact]
    public void A_file_on_disk_appears_whole_or_not_at_all()
    {
        string folder = Directory.CreateTempSubdirectory("polyad-features-").FullName;
        try
        {
            string path = Path.Combine(folder, "map.npz");
            new LinearFeatures<double>().Fit(Rows).Save(path);
            Assert.IsType<LinearFeatures<double>>(FeatureMap.Load<double>(path));
            Assert.Equal([path], Directory.GetFiles(folder));
            Assert.Throws<NotSupportedException>(() => new Nameless().Fit(Rows).Save(path));
            Assert.Equal([path], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("""{"format":"polyad feature map","version":2,"map":{"kind":"linear","parameters":{"slope":1,"constant":0,"columns":3}}}""", "version 2")]
    [InlineData("""{"format":"another","version":1}""", "does not say")]
    [InlineData("""{"format":"polyad feature map","version":1}""", "without a kind")]
    [InlineData("""{"format":"polyad feature map","version":1,"map":{"kind":"magic","parameters":{}}}""", "'magic'")]
    [InlineData("""{"format":"polyad feature map","version":1,"map":{"kind":"linear","parameters":{"slope":-1,"constant":0,"columns":3}}}""", "Slope")]
    [InlineData("""{"format":"polyad feature map","version":1,"map":{"kind":"linear","parameters":{"slope":1,"constant":0,"columns":0}}}""", "'columns' is 0")]
    [InlineData("""{"format":"polyad feature map","version":1,"map":{"kind":"linear","parameters":{"slope":1,"constant":0}}}""", "no parameter 'columns'")]
    [InlineData("""{"format":"polyad feature map","version":1,"map":{"kind":"linear","parameters":{"slope":"1","constant":0,"columns":3}}}""", "'slope' is")]
    [InlineData("""{"format":"polyad feature map","version":1,"map":{"kind":"union","parameters":{},"parts":[]}}""", "parts")]
    [InlineData("""{"format":"polyad feature map","version":1,"map":{"kind":"standard-scaler","parameters":{"withMean":true,"withDeviation":1}}}""", "'withDeviation' is 1")]
    [InlineData("""{"format":"polyad feature map","version":1,"map":{"kind":"standard-scaler","parameters":{"withMean":true,"withDeviation":true,"count":1}}}""", "no array 'mean'")]
    [InlineData("{", "no JSON")]
    public void A_header_that_makes_no_map_is_refused_with_the_reason(string header, string reason)
    {
        MemoryStream stream = new();
        using (NpzWriter writer = new(stream, leaveOpen: true))
        {
            byte[] text = Encoding.UTF8.GetBytes(header);
            writer.Add("header", new ReadOnlyTensorSpan<byte>(text, [text.Length]));
        }

        stream.Position = 0;
        string message = Assert.Throws<InvalidDataException>(() => FeatureMap.Load<double>(stream, "evil.npz")).Message;
        Assert.Contains("evil.npz", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_nested_without_end_is_refused()
    {
        StringBuilder header = new("""{"format":"polyad feature map","version":1,"map":""");
        header.Insert(header.Length, """{"kind":"pipeline","parameters":{},"parts":[""", 5000);
        MemoryStream stream = new();
        using (NpzWriter writer = new(stream, leaveOpen: true))
        {
            byte[] text = Encoding.UTF8.GetBytes(header.ToString());
            writer.Add("header", new ReadOnlyTensorSpan<byte>(text, [text.Length]));
        }

        Assert.Throws<InvalidDataException>(() => FeatureMap.Load<double>(stream));
    }

    [Fact]
    public void Kinds_of_others_are_read_by_their_own_reader()
    {
        MemoryStream file = Saved(new FeatureUnion<double>(new Foreign(), new LinearFeatures<double>()).Fit(Rows));
        FeatureMap<double> loaded = FeatureMap.Load(file, others: new Dictionary<string, Func<FeatureMapReader, FeatureMap<double>>> { ["foreign"] = static _ => new Foreign().Fit(Rows) });
        Assert.IsType<Foreign>(((FeatureUnion<double>)loaded).Parts[0]);
    }

    [Fact]
    public void A_map_of_doubles_loads_as_floats()
    {
        FeatureMap<double> map = new StandardScaler<double>().Fit(Rows);
        FeatureMap<float> loaded = FeatureMap.Load<float>(Saved(map));
        Tensor<float> rows = Tensor.CreateFromShape<float>([1, 7]);
        Tensor<double> wide = Tensor.CreateFromShape<double>([1, 7]);
        for (int j = 0; j < 7; j++)
        {
            wide[0, j] = rows[0, j] = (float)Rows[3, j];
        }

        Assert.Equal(map.Transform(wide)[0, 2], loaded.Transform(rows)[0, 2], 1e-6);
    }

    private static MemoryStream Saved(FeatureMap<double> map)
    {
        MemoryStream stream = new();
        map.Save(stream);
        stream.Position = 0;
        return stream;
    }

    private class Nameless : FeatureMap<double>
    {
        public override bool IsDataOblivious => true;

        protected override FeatureState<double> FitCore(in FeatureRows<double> x, in FitContext context) => new LinearFeatures<double>().Fit(x).State;
    }

    private sealed class Foreign : Nameless
    {
        protected internal override void Write(FeatureMapWriter writer) => writer.Kind("foreign");
    }
}
