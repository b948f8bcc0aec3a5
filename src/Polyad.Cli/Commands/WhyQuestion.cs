using System.Globalization;
using Polyad.Cli.Compare;
using Polyad.Cli.Tune;

namespace Polyad.Cli.Commands;

/// <summary><c>polyad info --why gemm 1000x1000</c>: which engine 'auto' sends a problem to, and why.</summary>
internal static class WhyQuestion
{
    public static void Answer(ToolConsole console, string[] words, string dtype, int? threads, int? mode)
    {
        if (words.Length != 2)
        {
            throw new UsageException("--why needs an operation and a shape, such as: --why gemm 1000x1000");
        }

        if (dtype is not ("f32" or "f64"))
        {
            throw new UsageException($"--dtype: '{dtype}' is neither f32 nor f64.");
        }

        int count = threads ?? Environment.ProcessorCount;
        if (count < 1)
        {
            throw new UsageException("--threads begins at 1.");
        }

        int[] shape = ProblemList.ParseShape(words[1]);
        IOperation operation = OperationCatalog.Get(words[0]);
        foreach (Problem problem in ProblemList.Create([operation.Name], [], [Complete(operation, shape)], mode, ranks: []))
        {
            if (PrimitiveShape.Of(problem) is not { } primitive)
            {
                throw new UsageException($"{operation.Name} is an algorithm of several operations; ask for one of {string.Join(", ", OperationCatalog.All.Where(static o => o.Primitive is not null).Select(static o => o.Name))}.");
            }

            EngineChoice choice = primitive.Explain(AutoBackend.Shared, dtype == "f32", count);
            console.OutputWriter.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{problem} {dtype}, {count} thread{(count == 1 ? "" : "s")}: {choice.Engine.Id} ({choice.Source.ToString().ToLowerInvariant()} code)"));
            console.OutputWriter.WriteLine(choice.Reason);
        }
    }

    /// <summary>n stands for n x n (x n), and m x k of a product for m x k by k x k.</summary>
    private static int[] Complete(IOperation operation, int[] shape) => (operation.Shapes, shape) switch
    {
        (ShapeKind.Product, [int n]) => [n, n, n],
        (ShapeKind.Product, [int m, int k]) => [m, k, k],
        (ShapeKind.Square or ShapeKind.Rectangle, [int n]) => [n, n],
        _ => shape,
    };
}
