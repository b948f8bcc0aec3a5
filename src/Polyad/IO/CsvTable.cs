using System.Numerics.Tensors;

namespace Polyad.IO;

/// <summary>A table of numbers with named columns.</summary>
/// <param name="ColumnNames">One name a column; "0", "1", ... when the file has no header.</param>
/// <param name="Values">Rows x columns, row-major; an empty field is NaN.</param>
public sealed record CsvTable(IReadOnlyList<string> ColumnNames, Tensor<double> Values);
