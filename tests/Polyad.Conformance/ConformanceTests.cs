namespace Polyad.Conformance;

/// <summary>Every engine that is available here, every operation, both element types.</summary>
public sealed class ConformanceTests
{
    public static TheoryData<string, LinearAlgebraOperation, string> Operations => Combine(ConformanceRuns.Operations);

    public static TheoryData<string, LinearAlgebraOperation, string> Factorizations => Combine(ConformanceRuns.Factorizations);

    [Theory]
    [MemberData(nameof(Operations))]
    public void Operation_agrees_with_its_definition_in_every_layout_and_size(string engine, LinearAlgebraOperation operation, string element)
        => ConformanceRuns.OnLayouts(engine, operation, element).AssertNoFailure();

    [Theory]
    [MemberData(nameof(Factorizations))]
    public void Factorization_keeps_the_LAPACK_ratios_on_every_matrix_type(string engine, LinearAlgebraOperation operation, string element)
        => ConformanceRuns.OnGallery(engine, operation, element).AssertNoFailure();

    private static TheoryData<string, LinearAlgebraOperation, string> Combine(LinearAlgebraOperation[] operations)
    {
        TheoryData<string, LinearAlgebraOperation, string> data = [];
        foreach (string engine in ConformanceRuns.Engines)
        {
            foreach (LinearAlgebraOperation operation in operations)
            {
                foreach (string element in ConformanceRuns.Elements)
                {
                    data.Add(engine, operation, element);
                }
            }
        }

        return data;
    }
}
