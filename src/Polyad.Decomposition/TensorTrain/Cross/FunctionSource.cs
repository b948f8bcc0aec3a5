using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>The function behind a cross approximation: asks for blocks of elements, counts them and refuses what is not finite.</summary>
internal sealed class FunctionSource<T>(nint[] lengths, TensorEvaluator<T> evaluate, CancellationToken cancellationToken)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Elements that are asked for at a time, at most.</summary>
    private const int BatchElements = 1 << 14;

    public nint[] Lengths => lengths;

    public int Order => lengths.Length;

    /// <summary>Elements asked for so far.</summary>
    public long Evaluations { get; set; }

    /// <summary>The elements at rows x columns: a row begins an index, a column ends it.</summary>
    /// <param name="rows">Multi-indices of the first modes.</param>
    /// <param name="columns">Multi-indices of the others.</param>
    /// <param name="chosenRows">Which rows.</param>
    /// <param name="chosenColumns">Which columns.</param>
    public T[] Block(MultiIndices rows, MultiIndices columns, ReadOnlySpan<int> chosenRows, ReadOnlySpan<int> chosenColumns)
    {
        T[] values = new T[chosenRows.Length * chosenColumns.Length];
        int[] indices = new int[Math.Min(values.Length, BatchElements) * Order];
        int held = 0, done = 0;
        foreach (int row in chosenRows)
        {
            foreach (int column in chosenColumns)
            {
                Span<int> index = indices.AsSpan(held * Order, Order);
                rows[row].CopyTo(index);
                columns[column].CopyTo(index[rows.Modes..]);
                if (++held * Order == indices.Length)
                {
                    Evaluate(indices, values.AsSpan(done, held));
                    (done, held) = (done + held, 0);
                }
            }
        }

        Evaluate(indices.AsSpan(0, held * Order), values.AsSpan(done, held));
        return values;
    }

    /// <summary>All of rows x columns.</summary>
    public T[] Block(MultiIndices rows, MultiIndices columns) => Block(rows, columns, [.. Enumerable.Range(0, rows.Count)], [.. Enumerable.Range(0, columns.Count)]);

    /// <summary>The elements at given indices.</summary>
    /// <exception cref="NonFiniteInputException">One of them is not finite.</exception>
    public void Evaluate(ReadOnlySpan<int> indices, Span<T> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        evaluate(indices, values);
        Evaluations += values.Length;
        for (int i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]))
            {
                throw new NonFiniteInputException($"The function is {values[i]} at [{string.Join(", ", indices.Slice(i * Order, Order).ToArray())}].", nameof(values));
            }
        }
    }
}
