using System.Globalization;

namespace Polyad.Cli.Compare;

/// <summary>Turns what the user typed (--ops, --sizes, --shapes, --mode, --rank) into problems.</summary>
internal static class ProblemList
{
    private const int DefaultSize = 256;
    private const int DefaultVectorLength = 1 << 20;

    private static readonly int[] DefaultTensor = [100, 100, 100];

    /// <param name="operations">Names of operations.</param>
    /// <param name="sizes">n: square matrices, or vectors.</param>
    /// <param name="shapes">Two numbers go to matrix operations that take rectangles; more go to tensor operations, and three to gemm (m x n x k) when no tensor operation is asked for.</param>
    /// <param name="mode">The one mode of tensor operations; null for every mode.</param>
    /// <param name="ranks">Columns of factor matrices; none for the defaults of the operations.</param>
    /// <exception cref="UsageException">A name is unknown, or a shape suits no operation.</exception>
    public static IReadOnlyList<Problem> Create(IReadOnlyList<string> operations, IReadOnlyList<int> sizes, IReadOnlyList<int[]> shapes, int? mode, IReadOnlyList<int> ranks)
    {
        IOperation[] chosen = [.. operations.Select(OperationCatalog.Get)];
        bool tensors = chosen.Any(static o => o.Shapes == ShapeKind.Tensor);
        bool rectangles = chosen.Any(static o => o.Shapes == ShapeKind.Rectangle);
        HashSet<int[]> used = [];
        List<Problem> problems = [];
        foreach (IOperation operation in chosen)
        {
            List<int[]> own = [];
            foreach (int[] shape in shapes)
            {
                if (Takes(operation, shape, tensors, rectangles))
                {
                    own.Add(shape);
                    used.Add(shape);
                }
            }

            if (operation.Shapes != ShapeKind.Tensor)
            {
                own.AddRange(sizes.Select(n => Sized(operation, n)));
            }

            if (own.Count == 0)
            {
                own.Add(operation.Shapes switch
                {
                    ShapeKind.Tensor => DefaultTensor,
                    ShapeKind.Vector => [DefaultVectorLength],
                    _ => Sized(operation, DefaultSize),
                });
            }

            foreach (int[] shape in own)
            {
                IEnumerable<int?> ranked = !operation.Parameters.HasFlag(OperationParameters.Rank) ? [null] : ranks.Count > 0 ? ranks.Select(static r => (int?)r) : [operation.DefaultRank];
                problems.AddRange(ranked.SelectMany(rank => WithMode(operation, shape, mode, rank)));
            }
        }

        return shapes.FirstOrDefault(shape => !used.Contains(shape)) is { } unused
            ? throw new UsageException($"no operation of {string.Join(", ", operations)} takes the shape {string.Join('x', unused)}.")
            : problems;
    }

    /// <summary>"300x300x300" as numbers.</summary>
    /// <exception cref="UsageException">It is not positive whole numbers joined by 'x'.</exception>
    public static int[] ParseShape(string text)
    {
        string[] parts = text.Split('x');
        int[] shape = new int[parts.Length];
        double elements = 1;
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]) || shape[i] < 1)
            {
                throw new UsageException($"'{text}' is not a shape such as 10000x64 or 300x300x300.");
            }

            elements *= shape[i];
        }

        return elements <= Array.MaxLength ? shape : throw new UsageException($"the shape {text} has more elements than one tensor holds ({Array.MaxLength}).");
    }

    private static bool Takes(IOperation operation, int[] shape, bool tensors, bool rectangles) => operation.Shapes switch
    {
        ShapeKind.Tensor => shape.Length > 2 || (shape.Length == 2 && !rectangles),
        ShapeKind.Rectangle => shape.Length == 2,
        ShapeKind.Square => shape.Length == 2 && shape[0] == shape[1],
        ShapeKind.Product => shape.Length == 3 && !tensors,
        _ => shape.Length == 1,
    };

    private static int[] Sized(IOperation operation, int n) => operation.Shapes switch
    {
        ShapeKind.Product => [n, n, n],
        ShapeKind.Vector => [n],
        _ => [n, n],
    };

    private static IEnumerable<Problem> WithMode(IOperation operation, int[] shape, int? mode, int? rank)
    {
        if (!operation.Parameters.HasFlag(OperationParameters.Mode))
        {
            return [new Problem(operation, shape, null, rank)];
        }

        if (mode is { } one)
        {
            return one < shape.Length
                ? [new Problem(operation, shape, one, rank)]
                : throw new UsageException($"the shape {string.Join('x', shape)} has no mode {one}; modes count from 0.");
        }

        return Enumerable.Range(0, shape.Length).Select(m => new Problem(operation, shape, m, rank));
    }
}
