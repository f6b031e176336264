using System.Globalization;
using System.Text;

namespace Polymorph.Screening.Drawings;

/// <summary>Collects the shapes of a drawing and writes them as SVG 1.1; lengths in pixels, y downwards.</summary>
/// <param name="width">Width.</param>
/// <param name="height">Height.</param>
internal sealed class SvgCanvas(double width, double height)
{
    private const string Header = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private readonly StringBuilder _shapes = new();

    public double Width { get; } = width;

    public double Height { get; } = height;

    public static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    public void Line(double x1, double y1, double x2, double y2, string colour, double thickness = 1, string? dashes = null) =>
        Add($"<line x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\" stroke=\"{colour}\" stroke-width=\"{Number(thickness)}\"{(dashes is null ? "" : $" stroke-dasharray=\"{dashes}\"")}/>");

    public void Polygon(IEnumerable<(double X, double Y)> corners, string fill, string stroke, double thickness = 1) =>
        Add($"<polygon points=\"{string.Join(' ', corners.Select(c => $"{Number(c.X)},{Number(c.Y)}"))}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{Number(thickness)}\" stroke-linejoin=\"round\"/>");

    public void Rectangle(double x, double y, double width, double height, string fill, string stroke = "none") =>
        Add($"<rect x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" fill=\"{fill}\" stroke=\"{stroke}\"{(stroke == "none" ? " shape-rendering=\"crispEdges\"" : "")}/>");

    public void Circle(double x, double y, double radius, string fill, string stroke, string title)
    {
        Add($"<circle cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\" fill=\"{fill}\" stroke=\"{stroke}\"><title>{Escaped(title)}</title></circle>");
    }

    /// <summary>A line of text; <paramref name="anchor"/> is start, middle or end.</summary>
    public void Text(double x, double y, string text, double size = 12, string anchor = "start", string colour = "#222", double rotation = 0, bool halo = false) =>
        Tagged(x, y, Escaped(text), size, anchor, colour, rotation, halo);

    /// <summary>A formula or species: numbers as subscripts, what stands in square brackets as superscript.</summary>
    public void Formula(double x, double y, string text, double size = 12, string anchor = "start", string colour = "#222", bool halo = true) =>
        Tagged(x, y, ChemicalText.Tspans(text, size), size, anchor, colour, 0, halo);

    /// <summary>The whole document.</summary>
    public override string ToString() =>
        $"{Header}<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Number(Width)}\" height=\"{Number(Height)}\" viewBox=\"0 0 {Number(Width)} {Number(Height)}\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{_shapes}</svg>\n";

    internal static string Escaped(string text) => string.Concat(text.Select(c => c switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&quot;", < ' ' => " ", _ => c.ToString() }));

    // White behind the letters keeps them legible where lines cross.
    private void Tagged(double x, double y, string content, double size, string anchor, string colour, double rotation, bool halo) =>
        Add($"<text x=\"{Number(x)}\" y=\"{Number(y)}\" xml:space=\"preserve\" font-size=\"{Number(size)}\" text-anchor=\"{anchor}\" fill=\"{colour}\"{(rotation == 0 ? "" : $" transform=\"rotate({Number(rotation)} {Number(x)} {Number(y)})\"")}{(halo ? " stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\" stroke-linejoin=\"round\"" : "")}>{content}</text>");

    private void Add(string shape) => _shapes.Append(shape).Append('\n');
}
