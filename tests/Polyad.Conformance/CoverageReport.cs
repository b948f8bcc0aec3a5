using System.Globalization;
using System.Text;

namespace Polyad.Conformance;

/// <summary>The coverage matrix as text: cases run per cell, "-" where a combination does not exist.</summary>
internal sealed record CoverageReport(string Text, int Empty)
{
    public static CoverageReport Collect()
    {
        StringBuilder text = new();
        int empty = 0, cases = 0, failed = 0;
        foreach (string engine in ConformanceRuns.Engines)
        {
            text.Append(CultureInfo.InvariantCulture, $"engine {engine}, threads {ConformanceRuns.Threads}\n").Append("cases per layout and size class (")
                .AppendJoin(' ', Enum.GetNames<SizeClass>()).Append(")\n").Append("operation            type   ");
            foreach (Layout layout in Enum.GetValues<Layout>())
            {
                text.Append(CultureInfo.InvariantCulture, $" | {layout,-23}");
            }

            text.Append('\n');
            foreach (LinearAlgebraOperation operation in ConformanceRuns.Operations)
            {
                foreach (string element in ConformanceRuns.Elements)
                {
                    CaseLog log = ConformanceRuns.OnLayouts(engine, operation, element);
                    (cases, failed) = (cases + log.Total, failed + log.Failed);
                    text.Append(CultureInfo.InvariantCulture, $"{operation,-20} {element,-7}");
                    foreach (Layout layout in Enum.GetValues<Layout>())
                    {
                        text.Append(" | ");
                        foreach (SizeClass size in Enum.GetValues<SizeClass>())
                        {
                            bool applies = Applies(operation, layout, size);
                            log.Cells.TryGetValue((layout, size), out int count);
                            empty += applies && count == 0 ? 1 : 0;
                            text.Append(CultureInfo.InvariantCulture, $"{(applies ? count.ToString(CultureInfo.InvariantCulture) : "-"),3} ");
                        }
                    }

                    text.Append('\n');
                }
            }

            text.Append("\ncases per matrix type\noperation            type   ");
            foreach (MatrixKind kind in Enum.GetValues<MatrixKind>())
            {
                text.Append(CultureInfo.InvariantCulture, $" {kind,-13}");
            }

            text.Append('\n');
            foreach (LinearAlgebraOperation operation in ConformanceRuns.Factorizations)
            {
                foreach (string element in ConformanceRuns.Elements)
                {
                    CaseLog log = ConformanceRuns.OnGallery(engine, operation, element);
                    (cases, failed) = (cases + log.Total, failed + log.Failed);
                    text.Append(CultureInfo.InvariantCulture, $"{operation,-20} {element,-7}");
                    foreach (MatrixKind kind in Enum.GetValues<MatrixKind>())
                    {
                        bool applies = GalleryCases.Applies(operation, kind);
                        log.Kinds.TryGetValue(kind, out int count);
                        empty += applies && count == 0 ? 1 : 0;
                        text.Append(CultureInfo.InvariantCulture, $" {(applies ? count.ToString(CultureInfo.InvariantCulture) : "-"),-13}");
                    }

                    text.Append('\n');
                }
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"\nisa: {ManagedBackend.Isa}\nthreads: {ConformanceRuns.Threads}\ncases: {cases}\nfailed: {failed}\nempty cells: {empty}\n");
        return new CoverageReport(text.ToString(), empty);
    }

    private static bool Applies(LinearAlgebraOperation operation, Layout layout, SizeClass size)
        => operation >= LinearAlgebraOperation.Unfold ? TensorCases.Applies(layout) : !FactorizationCases.IsSquareOnly(operation) || size is not (SizeClass.Tall or SizeClass.Wide);
}
