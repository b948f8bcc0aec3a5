using System.Globalization;

namespace Polyad.SketchExperiments;

/// <summary>"--name value" pairs.</summary>
internal sealed class Options(string[] arguments)
{
    public string? Text(string name)
    {
        int at = Array.IndexOf(arguments, "--" + name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }

    public int Number(string name, int otherwise) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>The folder of the data sets: given, or ../shared/data beside the repository.</summary>
    public string DataFolder
    {
        get
        {
            if (Text("data") is { } given)
            {
                return given;
            }

            for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            {
                if (File.Exists(Path.Combine(at.FullName, "Backend.sln")))
                {
                    return Path.Combine(at.FullName, "..", "shared", "data");
                }
            }

            return ".";
        }
    }
}
