using System.Numerics;

namespace Polyad;

/// <summary>
/// The engine that sends each operation to another one: by operation, element type, form and size of the problem, and whether one thread or several may be used, to the engine that
/// <c>polyad tune</c> found fastest on this machine among those that were accurate. Before tuning, and for what was not measured, it is the managed engine.
/// </summary>
/// <remarks>
/// The choice rests on measured times: results are those of one of the machine's engines to the last bit, but which one may change with the machine, with a new tuning, and between one
/// thread and several. The table is read from the user's cache folder (<see cref="TuningFile.DefaultFolder"/>) at the first use.
/// </remarks>
public sealed partial class AutoBackend : LinearAlgebraBackend, ILinearAlgebraBackend
{
    private static readonly LinearAlgebraOperation[] Operations = Enum.GetValues<LinearAlgebraOperation>();

    private readonly string? _folder;
    private readonly Func<string, ILinearAlgebraBackend> _engines;
    private EngineChoices? _choices;

    /// <summary>An engine that reads its table from a folder.</summary>
    /// <param name="folder">The folder of <see cref="TuningFile"/>; null never finds a table.</param>
    public AutoBackend(string? folder)
        : this(folder, Backend.Get)
    {
    }

    internal AutoBackend(string? folder, Func<string, ILinearAlgebraBackend> engines)
    {
        _folder = folder;
        _engines = engines;
    }

    /// <summary>The instance behind the id "auto".</summary>
    public static AutoBackend Shared { get; } = new(TuningFile.DefaultFolder);

    /// <inheritdoc/>
    public override string Id => "auto";

    /// <inheritdoc/>
    public override Parallelism Parallelism => Parallelism.Default;

    /// <summary>The table in use; null before tuning.</summary>
    public TuningTable? Table => Choices.Table;

    private EngineChoices Choices => Volatile.Read(ref _choices) ?? Load();

    /// <summary>Takes a table into use at once, for calls that begin from now on.</summary>
    public void Use(TuningTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        Volatile.Write(ref _choices, new EngineChoices(table, "", _engines));
    }

    /// <summary>Which engine a problem is sent to, and why.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="shape">As in <see cref="ShapeClass.Of"/>.</param>
    /// <param name="mode">The mode of a tensor operation.</param>
    /// <param name="singlePrecision">float rather than double.</param>
    /// <param name="maxThreads">The most threads; null for <see cref="Parallelism.Current"/>.</param>
    /// <exception cref="ArgumentException">The shape has not the numbers that the operation needs.</exception>
    public EngineChoice Explain(LinearAlgebraOperation operation, ReadOnlySpan<int> shape, int mode = 0, bool singlePrecision = false, int? maxThreads = null)
        => Choices[ShapeClass.Of(operation, shape, mode, singlePrecision, (maxThreads ?? EffectiveParallelism.MaxThreads) == 1)];

    /// <summary>Which engine a class of problems is sent to, and why.</summary>
    public EngineChoice Choose(ShapeClass shapeClass) => Choices[shapeClass];

    /// <summary>Native, Composed or Managed where every class of problems that was measured runs so; Composed where some do and some do not.</summary>
    public override OperationSource SourceOf(LinearAlgebraOperation operation)
    {
        EngineChoices choices = Choices;
        LinearAlgebraOperation judged = operation == LinearAlgebraOperation.Fold ? LinearAlgebraOperation.Unfold : operation;
        OperationSource[] sources = choices.Table is null
            ? []
            : [.. choices.Table.Classes.Where(c => c.Operation == judged).Select(c => choices[c].Engine.SourceOf(operation)).Distinct()];
        return sources.Length switch
        {
            0 => OperationSource.Managed,
            1 => sources[0],
            _ => OperationSource.Composed,
        };
    }

    /// <inheritdoc/>
    public override BackendInfo Describe()
    {
        EngineChoices choices = Choices;
        BackendInfo managed = ManagedBackend.Shared.Describe();
        return managed with
        {
            Id = Id,
            Isa = choices.Table is null ? managed.Isa : string.Join(", ", choices.Table.Classes.Select(c => choices[c].Engine.Id).Distinct().Order(StringComparer.Ordinal)),
            Threads = EffectiveParallelism.MaxThreads,
            Path = choices.Table is null || _folder is null ? null : TuningFile.PathOf(_folder, choices.Table.Machine),
            SelfTest = choices.Table is null ? "not run" : "passed",
            Reason = choices.Table is null ? choices.Untuned : null,
            NativeSymbols = Names(OperationSource.Native),
            ComposedSymbols = Names(OperationSource.Composed),
            ManagedSymbols = Names(OperationSource.Managed),
        };
    }

    private EngineChoices Load()
    {
        TuningTable? table = TuningFile.Load(_folder, out string reason);
        EngineChoices loaded = new(table, reason, _engines);
        return Interlocked.CompareExchange(ref _choices, loaded, null) ?? loaded;
    }

    private string[] Names(OperationSource source) => [.. Operations.Where(operation => SourceOf(operation) == source).Select(static operation => operation.ToString())];

    private ILinearAlgebraBackend Product<T>(int m, int n, int k)
        where T : unmanaged
        => Choices[ShapeClass.OfProduct(m, n, k, typeof(T) == typeof(float), EffectiveParallelism.MaxThreads == 1)].Engine;

    private ILinearAlgebraBackend Matrix<T>(LinearAlgebraOperation operation, int rows, int columns)
        where T : unmanaged
        => Choices[ShapeClass.OfMatrix(operation, rows, columns, typeof(T) == typeof(float), EffectiveParallelism.MaxThreads == 1)].Engine;

    private ILinearAlgebraBackend Tensor<T>(LinearAlgebraOperation operation, ReadOnlySpan<nint> lengths, int mode)
        where T : unmanaged
    {
        double elements = 1;
        foreach (nint length in lengths)
        {
            elements *= length;
        }

        return Choices[ShapeClass.OfTensor(operation, elements, lengths.Length, mode, typeof(T) == typeof(float), EffectiveParallelism.MaxThreads == 1)].Engine;
    }
}
