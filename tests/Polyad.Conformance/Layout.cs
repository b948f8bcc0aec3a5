namespace Polyad.Conformance;

/// <summary>How a matrix or tensor of a test lies in memory.</summary>
public enum Layout
{
    /// <summary>Dense, last index fastest.</summary>
    RowMajor,

    /// <summary>Dense, first index fastest.</summary>
    ColumnMajor,

    /// <summary>A block of a wider row-major buffer.</summary>
    Sliced,

    /// <summary>The transpose of a block of a wider row-major buffer.</summary>
    Transposed,

    /// <summary>Dense, starting one element off any alignment.</summary>
    Offset,

    /// <summary>No stride is one.</summary>
    GeneralStrides,

    /// <summary>Both strides negative (matrices only: tensor spans refuse them).</summary>
    Reversed,
}

/// <summary>The sizes that each operation must meet.</summary>
public enum SizeClass
{
    /// <summary>No element on some side.</summary>
    Empty,

    /// <summary>One by one.</summary>
    One,

    /// <summary>Small primes: no vector width or tile divides them.</summary>
    Prime,

    /// <summary>Many more rows than columns (tensors: one long leading mode).</summary>
    Tall,

    /// <summary>Many more columns than rows (tensors: one long last mode).</summary>
    Wide,

    /// <summary>Larger than every blocking.</summary>
    Large,
}
