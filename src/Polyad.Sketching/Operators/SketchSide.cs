namespace Polyad.Sketching;

/// <summary>On which side of a matrix a sketch stands.</summary>
internal enum SketchSide
{
    /// <summary>S A</summary>
    Left,

    /// <summary>S^T A; of a complex sketch S^H A</summary>
    LeftAdjoint,

    /// <summary>A S</summary>
    Right,

    /// <summary>A S^T; of a complex sketch A S^H</summary>
    RightAdjoint,
}

/// <summary>What the side says of a product, and the sizes of products.</summary>
internal static class SketchProducts
{
    /// <summary>Whether the sketch stands left of A.</summary>
    public static bool IsLeft(this SketchSide side) => side is SketchSide.Left or SketchSide.LeftAdjoint;

    /// <summary>Whether the product is with the adjoint of the sketch.</summary>
    public static bool IsAdjoint(this SketchSide side) => side is SketchSide.LeftAdjoint or SketchSide.RightAdjoint;

    /// <summary>Whether S^T and not S acts on the columns of A or, from the right, on those of A^T: A S = (S^T A^T)^T.</summary>
    public static bool ActsTransposed(this SketchSide side) => side is SketchSide.LeftAdjoint or SketchSide.Right;

    /// <summary>The rows and columns of a product of a D x n sketch with a matrix A.</summary>
    /// <param name="side">Where the sketch stands.</param>
    /// <param name="sketch">D and n.</param>
    /// <param name="a">The rows and columns of A.</param>
    /// <exception cref="ArgumentException">The inner sizes differ; the parameter is called "a".</exception>
    public static (int Rows, int Columns) Shape(SketchSide side, (int Rows, int Columns) sketch, (int Rows, int Columns) a)
    {
        bool left = side.IsLeft(), adjoint = side.IsAdjoint();
        (int first, int last) = adjoint ? (sketch.Columns, sketch.Rows) : sketch;
        if (left ? last != a.Rows : first != a.Columns)
        {
            string s = $"{(adjoint ? "the adjoint of " : "")}a sketch of {sketch.Rows} x {sketch.Columns}", other = $"{a.Rows} x {a.Columns}";
            throw new ArgumentException($"Cannot multiply {(left ? s : other)} by {(left ? other : s)}: the inner sizes differ.", nameof(a));
        }

        return left ? (first, a.Columns) : (a.Rows, last);
    }
}
