using Polyad.Torch;
using Xunit;

namespace Polyad.Tests.Torch;

/// <summary>The Torch engine of this machine; a test that asks for it is skipped, with the engine's own reason, where there is none.</summary>
internal static class TorchEngines
{
    public static ILinearAlgebraBackend Cpu()
    {
        TorchBackend.Register();
        try
        {
            return Backend.Get("torch");
        }
        catch (BackendUnavailableException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
