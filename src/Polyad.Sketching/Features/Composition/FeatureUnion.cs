using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// Several maps side by side: the features of all parts in one row, those of part i times weight i. The kernel is the sum of weight i squared times kernel i.
/// Parts are fitted in place with independent seeds, and what the union has fitted does not change when a part is fitted anew.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class FeatureUnion<T> : FeatureMap<T, FeatureUnion<T>>
    where T : unmanaged, INumberBase<T>
{
    private readonly FeatureMap<T>[] _parts;
    private readonly double[] _weights;

    /// <summary>A union of maps with weight 1.</summary>
    /// <exception cref="ArgumentException">There is no part, or one is null.</exception>
    public FeatureUnion(params IReadOnlyList<FeatureMap<T>> parts)
        : this(parts, null)
    {
    }

    /// <summary>A union of weighted maps.</summary>
    /// <param name="parts">At least one.</param>
    /// <param name="weights">A finite factor for the features of each part; null for ones.</param>
    /// <exception cref="ArgumentException">There is no part, one is null, or the weights do not fit.</exception>
    public FeatureUnion(IReadOnlyList<FeatureMap<T>> parts, IReadOnlyList<double>? weights)
    {
        _parts = FeatureParts.Checked(parts);
        _weights = weights is null ? [.. Enumerable.Repeat(1.0, _parts.Length)] : [.. weights];
        if (_weights.Length != _parts.Length || !_weights.All(double.IsFinite))
        {
            throw new ArgumentException($"A union of {_parts.Length} parts needs that many finite weights; given [{string.Join(", ", _weights)}].", nameof(weights));
        }
    }

    /// <summary>The parts.</summary>
    public IReadOnlyList<FeatureMap<T>> Parts => _parts;

    /// <summary>The factor of each part's features.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <inheritdoc/>
    public override bool IsDataOblivious => _parts.All(static p => p.IsDataOblivious);

    /// <summary>The names of each part's features behind the number of the part: "0__linearfeatures3".</summary>
    public override IReadOnlyList<string> FeatureNames
    {
        get
        {
            _ = State;
            return [.. _parts.SelectMany(static (part, i) => part.FeatureNames.Select(name => $"{i}__{name}"))];
        }
    }

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            _parts[i].Fit(x, FeatureParts.Seed(context, i), context.Progress, context.CancellationToken);
        }

        return NewState();
    }

    /// <inheritdoc/>
    protected override FeatureState<T> PartialFitCore(FeatureState<T>? previous, in FeatureRows<T> x, in FitContext context)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            _parts[i].PartialFit(x, FeatureParts.Seed(context, i), context.Progress, context.CancellationToken);
        }

        return NewState();
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.Union);
        writer.Add<double>("weights", _weights);
        foreach (FeatureMap<T> part in _parts)
        {
            writer.Part(part);
        }
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader, IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others)
    {
        IReadOnlyList<FeatureMap<T>> parts = reader.Parts(others);
        FeatureUnion<T> union = new(parts, reader.Vector<double>("weights", parts.Count));
        return union.Restore(union.NewState());
    }

    private UnionState NewState() => new([.. _parts.Select(static p => p.State)], _weights);

    private sealed class UnionState : FeatureState<T>
    {
        private readonly FeatureState<T>[] _states;
        private readonly double[] _weights;

        public UnionState(FeatureState<T>[] states, double[] weights)
            : base(states[0].InputDimension, checked(states.Sum(static s => s.OutputDimension)))
        {
            (_states, _weights) = (states, weights);
            if (states.FirstOrDefault(s => s.InputDimension != InputDimension) is { } other)
            {
                throw new ArgumentException($"The parts of a union must take rows of one length; they take {InputDimension} and {other.InputDimension}.", nameof(states));
            }
        }

        public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
        {
            int column = 0;
            for (int i = 0; i < _states.Length; i++)
            {
                MatrixView<T> part = features.Slice(0, column, x.Rows, _states[i].OutputDimension);
                _states[i].Transform(x, part, backend);
                FeatureMatrix.Scale(part, T.CreateChecked(_weights[i]));
                column += part.Columns;
            }
        }
    }
}
