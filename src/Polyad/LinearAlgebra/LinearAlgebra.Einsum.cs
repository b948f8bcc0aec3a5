using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

public static partial class LinearAlgebra
{
    /// <summary>
    /// Sums of products over named indices, for example <c>"ij,jk->ik"</c>. An index that repeats within an operand takes its diagonal; one that the output lacks is summed.
    /// Without an arrow the output has the indices that occur once, in alphabetical order. Operands are contracted pair by pair, smallest result first.
    /// </summary>
    /// <param name="expression">Letters for the modes of each operand, comma between operands, then optionally "->" and the output's letters. Blanks are ignored.</param>
    /// <param name="operands">The tensors, as many as the expression names.</param>
    /// <returns>The result; shape [1] when the output has no index.</returns>
    /// <exception cref="ArgumentException">The expression is malformed or does not fit the operands; the message quotes it.</exception>
    public static Tensor<T> Einsum<T>(string expression, params ReadOnlySpan<Tensor<T>> operands)
        where T : unmanaged, INumberBase<T>
        => Einsum(null, expression, operands);

    /// <summary>As <see cref="Einsum{T}(string, ReadOnlySpan{Tensor{T}})"/> on a given engine.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <param name="expression">The expression.</param>
    /// <param name="operands">The tensors.</param>
    public static Tensor<T> Einsum<T>(ILinearAlgebraBackend? backend, string expression, params ReadOnlySpan<Tensor<T>> operands)
        where T : unmanaged, INumberBase<T>
    {
        Arguments.Supported<T>();
        ArgumentNullException.ThrowIfNull(expression);
        string[] sides = expression.Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] inputs = sides[0].Split(',');
        if (sides.Length > 2 || inputs.Length != operands.Length)
        {
            throw new ArgumentException($"'{expression}' names {inputs.Length} operands; {operands.Length} are given.", nameof(expression));
        }

        string letters = string.Concat(inputs);
        string output = sides.Length == 2 ? sides[1] : string.Concat(letters.Where(c => letters.Count(d => d == c) == 1).Order());
        foreach (char c in letters + output)
        {
            if (!char.IsAsciiLetter(c))
            {
                throw new ArgumentException($"'{expression}' holds '{c}', which is not a letter.", nameof(expression));
            }
        }

        if (output.Distinct().Count() != output.Length || output.Any(c => !letters.Contains(c, StringComparison.Ordinal)))
        {
            throw new ArgumentException($"The output of '{expression}' repeats an index or has one that no operand has.", nameof(expression));
        }

        Dictionary<char, nint> lengths = [];
        List<EinsumTerm<T>> terms = [];
        for (int t = 0; t < inputs.Length; t++)
        {
            ArgumentNullException.ThrowIfNull(operands[t]);
            ReadOnlySpan<nint> shape = operands[t].Lengths;
            bool scalar = inputs[t].Length == 0 && operands[t].FlattenedLength == 1;
            if (inputs[t].Length != shape.Length && !scalar)
            {
                throw new ArgumentException($"Operand {t} of '{expression}' has {inputs[t].Length} indices; its shape is {ShapeOf(shape)}.", nameof(operands));
            }

            for (int i = 0; i < inputs[t].Length; i++)
            {
                if (lengths.TryGetValue(inputs[t][i], out nint known) && known != shape[i])
                {
                    throw new ArgumentException($"Index '{inputs[t][i]}' of '{expression}' has length {known} and, in operand {t} of shape {ShapeOf(shape)}, {shape[i]}.", nameof(operands));
                }

                lengths[inputs[t][i]] = shape[i];
            }

            terms.Add(new EinsumTerm<T>(operands[t], [.. inputs[t].Select(c => (int)c)]));
        }

        return EinsumPlan.Run(Engine(backend), terms, [.. output.Select(c => (int)c)]);
    }
}
