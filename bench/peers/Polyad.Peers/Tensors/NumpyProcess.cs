using System.Diagnostics;
using System.Globalization;

namespace Polyad.Peers.Tensors;

/// <summary>A script on numpy in a process of its own, which takes turns with this one.</summary>
internal sealed class NumpyProcess : IDisposable
{
    private readonly Process _process;

    public NumpyProcess(string python, string script, int threads)
    {
        ProcessStartInfo start = new(python, [Path.Combine(AppContext.BaseDirectory, script)]) { RedirectStandardInput = true, RedirectStandardOutput = true };

        // What pins OpenBLAS to an older core makes it look slower than it is.
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        start.Environment["POLYAD_PEER_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start.");
        About = Ask("about");
    }

    /// <summary>Versions, as JSON.</summary>
    public string About { get; }

    public void Prepare(string operation, int mode, int rank, int[] shape)
        => Ask(string.Create(CultureInfo.InvariantCulture, $"prepare {operation} {mode} {rank} {string.Join('x', shape)}"));

    /// <summary>Milliseconds of one run.</summary>
    public double Run() => double.Parse(Ask("run"), CultureInfo.InvariantCulture);

    /// <summary>The relative error of the last run (NaN where there is none).</summary>
    public double Error() => double.Parse(Ask("error"), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The numpy process ended at '{line}': is numpy installed for it?");
    }
}
