namespace Polyad;

/// <summary>The form of a problem, by which engines differ as much as by its size.</summary>
public enum ShapeAspect
{
    /// <summary>No side is four times another.</summary>
    Square,

    /// <summary>Many more rows than columns; of a product, of its result.</summary>
    Tall,

    /// <summary>Many more columns than rows; of a product, of its result.</summary>
    Wide,

    /// <summary>A product whose inner length is the great one.</summary>
    Deep,

    /// <summary>A product whose inner length is the small one: an update of low rank.</summary>
    Flat,

    /// <summary>A product with a vector.</summary>
    Vector,

    /// <summary>A tensor operation on the first mode.</summary>
    FirstMode,

    /// <summary>A tensor operation on a mode between the first and the last.</summary>
    MiddleMode,

    /// <summary>A tensor operation on the last mode.</summary>
    LastMode,
}
