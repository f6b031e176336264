using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Polymorph.Studies.Relaxations;

/// <summary>Names for results of one method and settings, fit for files and folders. Results under two names are never mixed.</summary>
internal static class SettingsKey
{
    private const int HashDigits = 8;

    /// <summary>The method and eight digits of the settings' SHA-256.</summary>
    /// <param name="method">The method.</param>
    /// <param name="settings">The settings.</param>
    public static string Of(string method, JsonObject settings)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings.ToJsonString())));
        string name = string.Concat(method.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? char.ToLower(c, CultureInfo.InvariantCulture) : '-'));
        return $"{name.Trim('.')}-{hash[..HashDigits]}";
    }
}
