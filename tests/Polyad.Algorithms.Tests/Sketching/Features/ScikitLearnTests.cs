using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

/// <summary>Values of scikit-learn 1.2.1 (random_state = 0), with its fitted state where it draws.</summary>
public sealed class ScikitLearnTests
{
    private static readonly double[,] X = { { 0.5, 1.25, 0.0 }, { 2.0, 0.25, 1.5 }, { 0.75, 0.0, 3.0 }, { 1.0, 0.5, 0.25 } };
    private static readonly double[,] Y = { { 1.0, 2.0, 0.5 }, { 0.25, 0.75, 0.0 } };
    private static readonly double[] Offset = [3.5691292400886723, 5.815695198095265, 0.44633271714891726, 0.5474495357095673];

    [Fact]
    public void RbfSampler_has_its_outputs_given_its_weights()
    {
        double[,] weights =
        {
            { 1.764052345967664, 0.4001572083672233, 0.9787379841057392, 2.240893199201458 },
            { 1.8675579901499675, -0.977277879876411, 0.9500884175255894, -0.1513572082976979 },
            { -0.10321885179355784, 0.41059850193837233, 0.144043571160878, 1.454273506962975 },
        };
        double[,] expected =
        {
            { 0.6197231914651298, 0.057768022253603536, -0.3711111648969603, 0.06503018249808887 },
            { 0.30417957089222714, 0.5388143471487012, -0.6787427842632399, 0.445269408825905 },
            { -0.09157896577175037, 0.34295288362935417, -0.029492355950393005, 0.6738841698264499 },
            { 0.7064823303366594, 0.6356869363084293, -0.2526188801851856, -0.7055969568462968 },
        };
        RbfSampler<double> sampler = RbfSampler<double>.FromState(Matrix(weights), Offset);
        Near(expected, sampler.Transform(X));
        Assert.Equal(4, sampler.NComponents);
        Near(weights, sampler.RandomWeights);
        Assert.Equal(Offset, sampler.RandomOffset);
    }

    [Fact]
    public void SkewedChi2Sampler_has_its_outputs_given_its_weights()
    {
        double[,] weights =
        {
            { 0.04900596005816539, 0.23374427833691241, 0.10459645009389884, 0.04503265686446733 },
            { -0.07708787736506363, 0.15128805092706898, -0.06281659239091894, 0.5609392368037678 },
            { 0.9110801382382848, -0.11925418594719796, 0.34400301388924726, 0.028934685475084883 },
        };
        double[,] expected =
        {
            { -0.45007416652478016, 0.6738164356827008, 0.7044863895687364, 0.5307557148740111 },
            { -0.3636892889665904, 0.6368532901404622, 0.5090139230582862, 0.6913731517051155 },
            { 0.02647913294221868, 0.4835500858512486, 0.41768475661652976, 0.6935579961553354 },
            { -0.6968100663311344, 0.6576586099436349, 0.6852469691620345, 0.6576907170170344 },
        };
        Near(expected, SkewedChi2Sampler<double>.FromState(Matrix(weights), Offset, 0.25).Transform(X));
    }

    [Fact]
    public void AdditiveChi2Sampler_has_its_outputs_and_names()
    {
        Near(new[,] { { 0.6324555320336759, 1.0, 0.0 }, { 1.2649110640673518, 0.4472135954999579, 1.0954451150103324 }, { 0.7745966692414834, 0.0, 1.5491933384829668 }, { 0.8944271909999159, 0.6324555320336759, 0.4472135954999579 } },
            new AdditiveChi2Sampler<double> { SampleSteps = 1 }.FitTransform(X));
        AdditiveChi2Sampler<double> two = new();
        Near(new[,]
        {
            { 0.5, 0.7905694150420949, 0.0, 0.4198531997384275, 0.7014237988781531, 0.0, -0.15163013664373412, 0.07858545374510206, 0.0 },
            { 1.0, 0.3535533905932738, 0.8660254037844386, 0.839706399476855, 0.24280938352033402, 0.7573439847626063, 0.30326027328746824, -0.20168739948016595, 0.15567694675666396 },
            { 0.6123724356957945, 0.0, 1.224744871391589, 0.5410737271058706, 0.0, 0.9325805171493343, -0.07836984968437741, 0.0, 0.5708800443601446 },
            { 0.7071067811865476, 0.5, 0.3535533905932738, 0.6312977232165397, 0.4198531997384275, 0.24280938352033402, 0.0, -0.15163013664373412, -0.20168739948016595 },
        }, two.FitTransform(X));
        Assert.Equal(["x0_sqrt", "x1_sqrt", "x2_sqrt", "x0_cos1", "x1_cos1", "x2_cos1", "x0_sin1", "x1_sin1", "x2_sin1"], two.FeatureNames);
        Assert.Equal(0.5, two.FittedInterval);
        Near(new[,]
        {
            { 0.3872983346207417, 0.6123724356957945, 0.0, 0.440824589285868, 0.7107551972691739, 0.0, -0.09301140529341781, 0.04765133407507256, 0.0, 0.2729729035009252, 0.4676051267105295, 0.0, -0.12055845095473385, 0.06298262323733161, 0.0, 0.15265603183542592, 0.2914069541139654, 0.0, -0.1098681714604312, 0.05932271894910458, 0.0 },
            { 0.7745966692414834, 0.27386127875258304, 0.6708203932499369, 0.881649178571736, 0.2914170852853387, 0.7745752384650568, 0.18602281058683562, -0.1287043216859981, 0.09468643016785319, 0.5459458070018504, 0.14212715944730206, 0.5016414793490478, 0.2411169019094677, -0.1559619941479539, 0.12450487791042629, 0.30531206367085184, 0.042230618184994406, 0.3043168756970414, 0.2197363429208624, -0.12611111951613094, 0.11625780246238644 },
        }, new AdditiveChi2Sampler<double> { SampleSteps = 4, SampleInterval = 0.3 }.FitTransform(new FeatureRows<double>(((FeatureRows<double>)X).Dense.Slice(0, 0, 2, 3))));
    }

    /// <summary>Its landmarks are rows 2, 3 and 1; the normalisation follows from them, whatever the kernel, indefinite ones included.</summary>
    [Fact]
    public void Nystroem_has_its_normalization_and_outputs_given_its_landmarks()
    {
        double[,] landmarks = { { 0.75, 0.0, 3.0 }, { 1.0, 0.5, 0.25 }, { 2.0, 0.25, 1.5 } };
        (Kernel Kernel, double[,] Normalization, double[,] Output)[] cases =
        [
            (new GaussianKernel(0.5),
                new[,] { { 1.0079926495876894, 0.005244035480826192, -0.07440092899987508 }, { 0.005244035480826139, 1.028785619884027, -0.14181325735760425 }, { -0.07440092899987545, -0.14181325735760403, 1.036982135026572 } },
                new[,] { { 0.0015401429074499908, 0.3124693879065697, 0.03744947517493094 }, { 0.006567955613804333, 0.720770157976236, -0.036858780292966686 } }),
            (new PolynomialKernel(2, 0.5, 1),
                new[,] { { 0.21462325333904614, 0.04428672765651648, -0.11212162677410693 }, { 0.04428672765651673, 0.9103532354320526, -0.25356198566270527 }, { -0.11212162677410703, -0.25356198566270505, 0.3903310172273675 } },
                new[,] { { 0.38496163143890283, 2.32533901502901, 1.1046965291075108 }, { 0.1305882666221708, 1.1633576535068668, 0.13387667514268525 } }),
            (new SigmoidKernel(0.1, 0.5),
                new[,] { { 2.9035617626911767, 0.7601379479879443, -2.8485676404890996 }, { 0.7601379479879478, 4.14080040736969, -3.4647022468304383 }, { -2.8485676404891027, -3.4647022468304356, 6.2851384951301466 } },
                new[,] { { 0.3348795111260884, 0.6581424172385361, 0.37261469419285315 }, { 0.30635063018921016, 0.6911045041980398, 0.10891087953774992 } }),
            (new LaplacianKernel(0.3),
                new[,] { { 1.0919993854977568, -0.13505622595311287, -0.1876917813790396 }, { -0.13505622595311237, 1.1227782188708215, -0.24455832607409356 }, { -0.18769178137903944, -0.24455832607409364, 1.1455797394449145 } },
                new[,] { { 0.12180725914922969, 0.5523068490435684, 0.1821040373805192 }, { 0.1513811495276854, 0.6545380763345495, 0.15138607721879 } }),
            (new CosineKernel(),
                new[,] { { 1.8224134115329806, 0.7413284428441802, -1.6121189160273743 }, { 0.7413284428441805, 2.3696858387325883, -2.1131512746230716 }, { -1.6121189160273746, -2.1131512746230707, 3.81473101167537 } },
                new[,] { { 0.268714104735925, 0.960747472846641, -0.0689711775654399 }, { 0.0933445418521085, 0.9606830293692308, -0.26148597206805874 } }),
            (new Chi2Kernel(0.4),
                new[,] { { 1.1802587383383205, -0.029972546873235275, -0.37977973324936015 }, { -0.02997254687323591, 1.1819654347147959, -0.3820174141103182 }, { -0.3797797332493599, -0.3820174141103186, 1.3561426226720215 } },
                new[,] { { 0.07783129303990191, 0.6322885266562109, 0.22361597118010254 }, { 0.10667103030949762, 0.7595106090395866, 0.03102427015927444 } }),
        ];
        foreach ((Kernel kernel, double[,] normalization, double[,] output) in cases)
        {
            // What the fit makes of these landmarks: all rows of a set of three, in some order.
            Nystroem<double> fitted = new() { Kernel = kernel, NComponents = 3 };
            fitted.Fit(landmarks);
            Tensor<double> found = fitted.Normalization;
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 3; j++)
                {
                    Assert.Equal(normalization[fitted.ComponentIndices[i], fitted.ComponentIndices[j]], found[i, j], 1e-12);
                }
            }

            Near(output, Nystroem<double>.FromState(kernel, Matrix(landmarks), Matrix(normalization)).Transform(Y));
        }
    }

    [Fact]
    public void PolynomialCountSketch_has_its_outputs_given_its_hashes()
    {
        int[,] index = { { 4, 0, 3, 3 }, { 3, 1, 3, 2 } }, bit = { { -1, 1, -1, -1 }, { -1, -1, -1, 1 } };
        PolynomialCountSketch<double> sketch = PolynomialCountSketch<double>.FromState(index, bit, 5, gamma: 0.5, coef0: 0.25);
        Near(new[,]
        {
            { 0.06250000000000004, -0.78125, 0.5669417382415921, -0.31249999999999994, 0.44194173824159205 },
            { -0.5303300858899107, 3.1240800858899114, 3.588388347648319, -0.43749999999999983, 0.27588834764831843 },
            { -1.310660171779821, 6.685660171779822, 1.4062500000000004, 0, 0 },
            { -0.08838834764831838, 0.11963834764831834, 0.801776695296637, -0.3125000000000001, 0.23927669529663698 },
        }, sketch.Transform(X));
        Assert.Equal(index, sketch.IndexHash);
        Assert.Equal(bit, sketch.BitHash);
        Near(new[,] { { -0.90625, 1.5625, -0.625, 2.265625 }, { -3.34375, 2.5, -2.0, 2.703125 }, { 21.515625, -5.0625, 0.0, -5.0625 }, { -1.109375, 0.8125, -1.0, 0.90625 } },
            PolynomialCountSketch<double>.FromState(new[,] { { 1, 3, 0 }, { 0, 3, 1 }, { 3, 1, 3 } }, new[,] { { -1, -1, 1 }, { -1, 1, 1 }, { -1, -1, 1 } }, 4).Transform(X));
    }

    /// <summary>gamma = 'scale' is 1 / (n_features X.var()) = 0.44859813084112143 for these rows.</summary>
    [Fact]
    public void RbfSampler_scales_to_the_variance_of_the_rows()
    {
        Tensor<double> scaled = new RbfSampler<double> { Gamma = null, NComponents = 7 }.FitTransform(X, 3), given = new RbfSampler<double> { Gamma = 0.44859813084112143, NComponents = 7 }.FitTransform(X, 3);
        Assert.All(scaled.ToArray().Zip(given.ToArray()), static p => Assert.Equal(p.First, p.Second, 1e-13));
        Assert.Equal(new RbfSampler<double> { Gamma = 1 }.FitTransform(new double[3, 2], 3).ToArray(), new RbfSampler<double> { Gamma = null }.FitTransform(new double[3, 2], 3).ToArray());
        Assert.False(new RbfSampler<double> { Gamma = null }.IsDataOblivious);
        Assert.Throws<NotSupportedException>(() => new RbfSampler<double> { Gamma = null }.PartialFit(X));
    }

    [Fact]
    public void Defaults_are_those_of_scikit_learn()
    {
        Assert.Equal((1.0, 100), (new RbfSampler<double>().Gamma, new RbfSampler<double>().NComponents));
        Assert.Equal((1.0, 100), (new SkewedChi2Sampler<double>().Skewedness, new SkewedChi2Sampler<double>().NComponents));
        PolynomialCountSketch<double> sketch = new();
        Assert.Equal((1.0, 2, 0.0, 100), (sketch.Gamma, sketch.Degree, sketch.Coef0, sketch.NComponents));
        Assert.Equal((2, null), (new AdditiveChi2Sampler<double>().SampleSteps, new AdditiveChi2Sampler<double>().SampleInterval));
        Assert.Equal((100, LandmarkSampling.Uniform), (new Nystroem<double>().NComponents, new Nystroem<double>().Sampling));
    }

    [Fact]
    public void Samplers_draw_the_spectra_of_their_kernels()
    {
        const int Samples = 100_000;
        Tensor<double> x = Matrix(X), skewed = new SkewedChi2Sampler<double> { NComponents = Samples, Skewedness = 0.25 }.FitTransform(X, 2), rbf = new RbfSampler<double> { NComponents = Samples, Gamma = 0.2 }.FitTransform(X, 2);
        foreach ((int i, int j) in ((int, int)[])[(0, 1), (1, 3), (2, 2)])
        {
            double[] a = SketchSpread.Row(x, i), b = SketchSpread.Row(x, j);
            FeatureSpread.Holds(skewed, static t => [t], Samples, (i, j), new SkewedChi2Kernel(0.25).Value(a, b), null);
            double k = new GaussianKernel(0.2).Value(a, b);
            FeatureSpread.Holds(rbf, static t => [t], Samples, (i, j), k, 1 + (Math.Pow(k, 4) / 2) - (k * k));
        }
    }

    [Fact]
    public void What_scikit_learn_refuses_is_refused()
    {
        Assert.Contains("Gamma must be a finite number of at least 0", Assert.Throws<ArgumentOutOfRangeException>(() => new RbfSampler<double> { Gamma = -1 }.Fit(X)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RbfSampler<double> { NComponents = 0 }.Fit(X));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SkewedChi2Sampler<double> { Skewedness = -0.1 }.Fit(X));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdditiveChi2Sampler<double> { SampleSteps = 0 }.Fit(X));
        Assert.Contains("SampleInterval must be given", Assert.Throws<ArgumentException>(() => new AdditiveChi2Sampler<double> { SampleSteps = 5 }.Fit(X)).Message, StringComparison.Ordinal);
        Assert.Contains("Gamma must be", Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialCountSketch<double> { Gamma = -1 }.Fit(X)).Message, StringComparison.Ordinal);
        Assert.Contains("Degree must be from 1", Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialCountSketch<double> { Degree = 0 }.Fit(X)).Message, StringComparison.Ordinal);

        // scikit-learn takes this one and returns NaN.
        Assert.Contains("Coef0 must be", Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialCountSketch<double> { Coef0 = -1 }.Fit(X)).Message, StringComparison.Ordinal);
        double[,] low = { { 0.5, -0.25, 1 } };
        Assert.Contains("above -0.25", Assert.Throws<ArgumentException>(() => new SkewedChi2Sampler<double> { Skewedness = 0.25 }.Fit(low)).Message, StringComparison.Ordinal);
        FeatureMap<double> fitted = new SkewedChi2Sampler<double> { Skewedness = 0.25 }.Fit(X);
        Assert.Throws<ArgumentException>(() => fitted.Transform(low));
        Assert.Contains("rows of 3 numbers; given 2 x 2", Assert.Throws<ArgumentException>(() => new RbfSampler<double>().Fit(X).Transform(new double[2, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<NotFittedException>(() => new Nystroem<double>().Transform(X));
        Assert.Throws<NotFittedException>(() => new RbfSampler<double>().RandomWeights);
    }

    [Fact]
    public void State_that_does_not_fit_together_is_refused()
    {
        Tensor<double> weights = Matrix(X);
        Assert.Contains("4 x 3 need 3 offsets; given 4", Assert.Throws<ArgumentException>(() => RbfSampler<double>.FromState(weights, Offset)).Message, StringComparison.Ordinal);
        Assert.Throws<NonFiniteInputException>(() => RbfSampler<double>.FromState(weights, [1, 2, double.NaN]));
        Assert.Throws<ArgumentException>(() => Nystroem<double>.FromState(new GaussianKernel(), weights, Matrix(Y)));
        Assert.Throws<ArgumentException>(() => Nystroem<double>.FromState(new Chi2Kernel(), Matrix(new[,] { { -1.0 } }), Matrix(new[,] { { 1.0 } })));
    }

    private static Tensor<double> Matrix(double[,] values) => ((FeatureRows<double>)values).Dense.ToTensor();

    private static void Near(double[,] expected, Tensor<double> actual)
    {
        Assert.Equal([expected.GetLength(0), expected.GetLength(1)], actual.Lengths);
        for (int i = 0; i < expected.GetLength(0); i++)
        {
            for (int j = 0; j < expected.GetLength(1); j++)
            {
                Assert.Equal(expected[i, j], actual[i, j], 2e-14);
            }
        }
    }
}
