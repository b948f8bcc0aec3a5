using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// Features of a polynomial kernel (gamma x'y + c)^p by any of the polynomial sketches; by default the one with the least predicted error for the data that the map is fitted to
/// (<see cref="PolynomialFeatures.Choose{T}"/>). Unbiased but for what a split of the series leaves out.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PolynomialFeatures<T> : FeatureMap<T, PolynomialFeatures<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The kernel (default (x'y + 1)^2).</summary>
    public PolynomialKernel Kernel { get; init; } = new(2, 1, 1);

    /// <summary>D (default 1024). A choice may need fewer: where the monomials are no more, they are taken, without error.</summary>
    public int Dimension { get; init; } = 1024;

    /// <summary>The sketch; null (default) to choose it for the data, which then must have at least two rows.</summary>
    public SketchFamily? Family { get; init; }

    /// <summary>How a choice is searched for; null for the defaults.</summary>
    public OptimizedMaclaurin? Search { get; init; }

    /// <summary>The predicted error of the kernel matrix of the data that a choice was made for; null where <see cref="Family"/> was given.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public ErrorPrediction? PredictedError => Fitted.Error;

    /// <summary>What was chosen, in words.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public string Choice => Fitted.Reason;

    private ChosenState Fitted => (ChosenState)State;

    /// <inheritdoc/>
    public override bool IsDataOblivious => Family is not null;

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        ArgumentNullException.ThrowIfNull(Kernel);
        if (Family is not null)
        {
            return new ChosenState(new PolynomialChoice(Kernel, x.Columns, Dimension, default, Family.Name, []) { Family = Family }, null, context.Seed);
        }

        PolynomialChoice choice = PolynomialFeatures.Choose(x, Kernel, Dimension, Search ?? new OptimizedMaclaurin { Seed = context.Seed, Backend = context.Backend }, null, context.CancellationToken);
        return new ChosenState(choice, choice.Error, context.Seed);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.Polynomial);
        Kernel.Write(writer);
        writer.Set("dimension", Dimension);
        writer.Set("chosen", Family is null);
        Fitted.Write(writer);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        PolynomialKernel kernel = KernelFile.Read(reader) as PolynomialKernel ?? throw reader.Wrong("the kernel is not polynomial");
        ChosenState state = ChosenState.Read(reader, kernel);
        PolynomialFeatures<T> map = new() { Kernel = kernel, Dimension = reader.WholeNumber("dimension", 1), Family = reader.Flag("chosen") ? null : state.Family };
        return map.Restore(state);
    }

    private sealed class ChosenState(PolynomialChoice choice, ErrorPrediction? error, ulong seed) : SketchState<T>(choice.Create<T>(seed))
    {
        public ErrorPrediction? Error => error;

        public string Reason => choice.Reason;

        public SketchFamily? Family => choice.Family;

        public static ChosenState Read(FeatureMapReader reader, PolynomialKernel kernel)
        {
            int columns = reader.WholeNumber("columns", 1), dimension = reader.WholeNumber("features", 1);
            ErrorPrediction? error = reader.Flag("predicted") ? SketchFile.Error(reader) : null;
            PolynomialChoice choice = new(kernel, columns, dimension, error ?? default, reader.Text("reason"), []);
            SketchFile.CheckSize(reader, columns, dimension, kernel.Degree);
            choice = reader.Text("form") switch
            {
                "series" => choice with { Plan = SketchFile.Plan(reader, columns, error ?? default) },
                "monomials" => choice,
                _ => choice with { Family = SketchFile.Parse(reader, reader.Text("form")) },
            };
            if (choice is { Plan: null, Family: null } && ExactPowers<double>.Count(kernel.Homogeneous(columns), kernel.Degree) > dimension)
            {
                throw reader.Wrong($"{dimension} features do not hold the monomials of degree {kernel.Degree}");
            }

            return new ChosenState(choice, error, reader.Seed("seed"));
        }

        public void Write(FeatureMapWriter writer)
        {
            writer.Set("columns", choice.InputDimension);
            writer.Set("features", choice.OutputDimension);
            writer.Set("seed", seed);
            writer.Set("reason", choice.Reason);
            writer.Set("form", choice.Plan is not null ? "series" : choice.Family is not null ? SketchFile.Text(choice.Family) : "monomials");
            writer.Set("predicted", error is not null);
            if (error is { } prediction)
            {
                SketchFile.Write(writer, prediction);
            }

            if (choice.Plan is { } plan)
            {
                SketchFile.Write(writer, plan);
            }
        }
    }
}
