using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;
using Xunit;

namespace Polyad.Tests.MathNetContract;

/// <summary>Tests that set Math.NET's process-wide provider or thread count: one after the other, alone, and what they found is put back.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class GlobalProviderCollection
{
    public const string Name = "Math.NET's process-wide provider";
}

/// <summary>Puts back the provider and the thread count of the process.</summary>
public abstract class GlobalProviderTests : IDisposable
{
    private readonly ILinearAlgebraProvider _provider = LinearAlgebraControl.Provider;
    private readonly int _threads = Control.MaxDegreeOfParallelism;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        LinearAlgebraControl.Provider = _provider;
        Control.MaxDegreeOfParallelism = _threads;
    }

    /// <summary>What a calculation gives on Math.NET's own provider and on an engine.</summary>
    protected static (TResult Own, TResult Polyad) OnBoth<TResult>(string engine, Func<TResult> calculation)
    {
        LinearAlgebraControl.UseManaged();
        TResult own = calculation();
        Polyad.MathNet.PolyadLinearAlgebraControl.Use(engine);
        return (own, calculation());
    }
}
