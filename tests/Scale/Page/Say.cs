namespace Sidecar.Scale.Page;

/// <summary>Numbers as a reader wants them.</summary>
internal static class Say
{
    public static string Count(double number) => $"{Math.Round(number, MidpointRounding.AwayFromZero):N0}";

    /// <summary>Three digits that count, no more.</summary>
    public static string Number(double number) => Math.Abs(number) switch
    {
        0 => "0",
        >= 100 => $"{number:N0}",
        >= 10 => $"{number:0.#}",
        >= 1 => $"{number:0.##}",
        _ => $"{number:0.###}",
    };

    /// <summary>As an input was written.</summary>
    public static string Exactly(double number) => number >= 10_000 ? $"{number:N0}" : $"{number:0.####}";

    public static string Time(double seconds) => seconds switch
    {
        < 10 => $"{seconds:0.#} s",
        < 120 => $"{seconds:0} s",
        < 7200 => $"{seconds / 60:0} min",
        _ => $"{seconds / 3600:0.#} h",
    };

    public static string Dollars(double dollars) => dollars < 100 ? $"${dollars:0.00}" : $"${dollars:N0}";

    public static string Percent(double share) => share < 0.1 ? $"{share * 100:0.#} %" : $"{share * 100:0} %";
}
