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

Task("Native")
    .Description("Compiles the managed engine into libpolyad_blas and tests it from C; passes with a message where CMake or a C compiler is missing. --isa chooses the instructions.")
    .Does(() =>
    {
        var missing = new List<string>();
        if (!IsRunningOnLinux())
        {
            missing.Add("Linux");
        }

        if (Context.Tools.Resolve("cmake") is null)
        {
            missing.Add("CMake");
        }

        if (new[] { "cc", "gcc", "clang" }.All(compiler => Context.Tools.Resolve(compiler) is null))
        {
            missing.Add("a C compiler");
        }

        if (missing.Count > 0)
        {
            Information("Skipped: libpolyad_blas needs {0}.", string.Join(" and ", missing));
            return;
        }

        var native = (artifacts + Directory("native")).ToString();
        Run("cmake", "-S", "native", "-B", native, "-DCMAKE_BUILD_TYPE=Release", "-DPOLYAD_ISA=" + Argument("isa", "native"));
        Run("cmake", "--build", native);
        Run("ctest", "--test-dir", native, "--output-on-failure");
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
