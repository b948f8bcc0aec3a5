using System.Text.Json;
using Xunit;

namespace Polyad.Cli.Tests;

public class InfoCommandTests
{
    [Fact]
    public void JsonHoldsMeasuredLimitsAndEveryEngine()
    {
        ToolRun run = ToolRun.Of("info", "--json");

        Assert.Equal(0, run.ExitCode);
        JsonElement machine = run.Json().GetProperty("machine");
        Assert.NotEmpty(machine.GetProperty("cpu").GetString()!);
        Assert.Equal(ManagedBackend.Isa, machine.GetProperty("isa").GetString());
        Assert.Equal(Environment.ProcessorCount, machine.GetProperty("cores").GetInt32());
        foreach (string limit in new[] { "fma_ceiling_gflops_f64", "fma_ceiling_gflops_f32", "memcpy_gb_s", "read_gb_s" })
        {
            Assert.True(machine.GetProperty(limit).GetDouble() > 0, limit);
        }

        JsonElement managed = run.Json().GetProperty("backends").EnumerateArray().Single(static b => b.GetProperty("id").GetString() == "managed");
        Assert.True(managed.GetProperty("available").GetBoolean());
        Assert.Equal(JsonValueKind.Null, managed.GetProperty("reason").ValueKind);
        Assert.Contains("MatMul", managed.GetProperty("managed_symbols").EnumerateArray().Select(static s => s.GetString()));
        foreach (string key in new[] { "vendor", "version", "isa", "path", "threads", "self_test", "native_symbols", "composed_symbols" })
        {
            Assert.True(managed.TryGetProperty(key, out _), key);
        }
    }

    [Fact]
    public void RedirectedTablesHoldNoControlCodes()
    {
        ToolRun run = ToolRun.Of("info");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("managed", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }
}
