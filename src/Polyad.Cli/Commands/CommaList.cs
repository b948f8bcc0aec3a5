using System.Globalization;

namespace Polyad.Cli.Commands;

/// <summary>Lists typed with commas.</summary>
internal static class CommaList
{
    public static string[] Words(string text, string option)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 ? words : throw new UsageException($"{option} is empty.");
    }

    public static int[] PositiveNumbers(string text, string option)
    {
        int[] numbers = Numbers(text, option);
        return numbers.Contains(0) ? throw new UsageException($"{option}: 0 is not a positive whole number.") : numbers;
    }

    public static int[] Numbers(string text, string option)
        => [.. Words(text, option).Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            ? n
            : throw new UsageException($"{option}: '{word}' is not a whole number."))];
}
