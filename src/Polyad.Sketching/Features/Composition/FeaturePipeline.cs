using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Maps one after another: each takes the features of the one before (standardise, then random features). Steps are fitted in place, each to what the earlier ones make of the rows.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class FeaturePipeline<T> : FeatureMap<T, FeaturePipeline<T>>
    where T : unmanaged, INumberBase<T>
{
    private readonly FeatureMap<T>[] _steps;

    /// <summary>A pipeline of at least one map.</summary>
    /// <exception cref="ArgumentException">There is no step, or one is null.</exception>
    public FeaturePipeline(params IReadOnlyList<FeatureMap<T>> steps) => _steps = FeatureParts.Checked(steps);

    /// <summary>The steps.</summary>
    public IReadOnlyList<FeatureMap<T>> Steps => _steps;

    /// <inheritdoc/>
    public override bool IsDataOblivious => _steps.All(static s => s.IsDataOblivious);

    /// <summary>The names of the last step's features.</summary>
    public override IReadOnlyList<string> FeatureNames
    {
        get
        {
            _ = State;
            return _steps[^1].FeatureNames;
        }
    }

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        FeatureRows<T> rows = x;
        for (int i = 0; i < _steps.Length; i++)
        {
            _steps[i].Fit(rows, FeatureParts.Seed(context, i), context.Progress, context.CancellationToken);
            if (i + 1 < _steps.Length)
            {
                // A step that reads no more than the length of a row does not need all of them.
                bool oblivious = _steps.Skip(i + 1).All(static s => s.IsDataOblivious);
                rows = _steps[i].Transform(oblivious ? rows.Slice(0, 1) : rows, null, context.CancellationToken);
            }
        }

        return NewState();
    }

    /// <inheritdoc/>
    protected override FeatureState<T> PartialFitCore(FeatureState<T>? previous, in FeatureRows<T> x, in FitContext context)
    {
        // What a later step has learnt would rest on an earlier one that has changed since.
        if (_steps.Skip(1).Any(static s => !s.IsDataOblivious))
        {
            throw new NotSupportedException("A pipeline takes rows in parts only when all steps after the first are data-oblivious: call Fit.");
        }

        _steps[0].PartialFit(x, FeatureParts.Seed(context, 0), context.Progress, context.CancellationToken);
        if (previous is null)
        {
            FeatureRows<T> rows = x.Slice(0, 1);
            for (int i = 1; i < _steps.Length; i++)
            {
                rows = _steps[i - 1].Transform(rows, null, context.CancellationToken);
                _steps[i].Fit(rows, FeatureParts.Seed(context, i), context.Progress, context.CancellationToken);
            }
        }

        return NewState();
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.Pipeline);
        foreach (FeatureMap<T> step in _steps)
        {
            writer.Part(step);
        }
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader, IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others)
    {
        FeaturePipeline<T> pipeline = new(reader.Parts(others));
        return pipeline.Restore(pipeline.NewState());
    }

    private PipelineState NewState() => new([.. _steps.Select(static s => s.State)]);

    private sealed class PipelineState : FeatureState<T>
    {
        private readonly FeatureState<T>[] _states;

        public PipelineState(FeatureState<T>[] states)
            : base(states[0].InputDimension, states[^1].OutputDimension)
        {
            _states = states;
            for (int i = 1; i < states.Length; i++)
            {
                if (states[i].InputDimension != states[i - 1].OutputDimension)
                {
                    throw new ArgumentException($"Step {i} takes rows of {states[i].InputDimension} numbers; step {i - 1} gives {states[i - 1].OutputDimension}.", nameof(states));
                }
            }
        }

        /// <summary>As many as the widest step wants.</summary>
        public override int BatchRows => _states.Min(static s => s.BatchRows);

        public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
        {
            FeatureRows<T> rows = x;
            for (int i = 0; i + 1 < _states.Length; i++)
            {
                Tensor<T> between = FreshMemory.Uninitialized<T>([x.Rows, _states[i].OutputDimension]);
                _states[i].Transform(rows, between.AsMatrix(), backend);
                rows = between;
            }

            _states[^1].Transform(rows, features, backend);
        }
    }
}
