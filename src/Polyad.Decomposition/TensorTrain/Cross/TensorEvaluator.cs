namespace Polyad.Decomposition;

/// <summary>A tensor that is known by its elements: many are asked for at a time.</summary>
/// <param name="indices">One index for each mode and element, one element after the other.</param>
/// <param name="values">One for each element; all are to be written.</param>
public delegate void TensorEvaluator<T>(ReadOnlySpan<int> indices, Span<T> values);
