// dotnet tool restore && dotnet cake --target=Pack
var target = Argument("target", "Test");
var configuration = Argument("configuration", "Release");

const string Solution = "./Backend.sln";
var artifacts = Directory("./artifacts");
var packages = artifacts + Directory("packages");

Task("Clean")
    .Description("Removes what was built: outputs, reports, packages.")
    .Does(() =>
    {
        CleanDirectory(artifacts);
        DotNetClean(Solution, new DotNetCleanSettings { Configuration = configuration, Verbosity = DotNetVerbosity.Quiet });
    });

Task("Build")
    .Description("Builds the solution; warnings are errors.")
    .Does(() => DotNetBuild(Solution, new DotNetBuildSettings { Configuration = configuration }));

// Through the plain command rather than the Test alias, whose arguments are those of the older runner.
Task("Test")
    .Description("Runs every test project.")
    .IsDependentOn("Build")
    .Does(() => Run("dotnet", "test", "-c", configuration, "--no-build"));

Task("Bench")
    .Description("Runs the benchmarks; --filter chooses (default: all), --job short for a quick look.")
    .IsDependentOn("Build")
    .Does(() => Run("dotnet", "run", "-c", configuration, "--no-build", "--project", "bench/Polyad.Benchmarks", "--",
        "--filter", Argument("filter", "*"), "--job", Argument("job", "default"), "--artifacts", (artifacts + Directory("benchmarks")).ToString()));

Task("Pack")
    .Description("Packs the library projects and the tool into artifacts/packages.")
    .IsDependentOn("Build")
    .Does(() =>
    {
        CleanDirectory(packages);
        DotNetPack(Solution, new DotNetPackSettings { Configuration = configuration, NoBuild = true, OutputDirectory = packages });
        foreach (var package in GetFiles("./artifacts/packages/*.nupkg"))
        {
            Information("{0}", package.GetFilename());
        }
    });

RunTarget(target);

void Run(string program, params string[] arguments)
{
    var builder = new ProcessArgumentBuilder();
    foreach (var argument in arguments)
    {
        builder.AppendQuoted(argument);
    }

    var exit = StartProcess(program, new ProcessSettings { Arguments = builder });
    if (exit != 0)
    {
        throw new CakeException(exit, $"{program} {arguments[0]} ended with exit code {exit}");
    }
}
