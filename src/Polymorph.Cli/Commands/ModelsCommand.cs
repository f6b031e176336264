using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Models.Cgcnn;

namespace Polymorph.Cli.Commands;

/// <summary>The group of verbs about installed models of properties.</summary>
internal sealed class ModelsCommand : Command
{
    public ModelsCommand()
        : base("models", "Models of crystal properties: list them, install published ones.")
    {
        Add(new ModelsListVerb());
        Add(new ModelsAddVerb());
    }
}

/// <summary>Installs models into the user's data folder.</summary>
internal sealed class ModelsAddVerb : Verb
{
    private readonly Argument<string> _path = new("FILE|FOLDER") { Description = "A model file (.safetensors), or a folder with such files." };

    public ModelsAddVerb()
        : base("add", "Install models of properties, with the licence beside them, into your data folder.", "polymorph models add pretrained/", "polymorph models add my-run/model.safetensors") => Add(_path);

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var store = CgcnnModelStore.OfUser();
        var names = store.Add(call.Value(_path)!);
        var document = new JsonObject { ["folder"] = store.Folder, ["models"] = new JsonArray([.. names.Select(n => (JsonNode)n)]) };
        call.Result("polymorph.models-add/1", document, output => output.WriteLine($"Installed: {string.Join(", ", names)}"));
        call.Note($"The models are in {store.Folder}. Next: {ProgramName.Text} predict FILE --model {names[0]}");
        return ExitCode.Done;
    }
}

/// <summary>Lists the installed models.</summary>
internal sealed class ModelsListVerb : Verb
{
    public ModelsListVerb()
        : base("list", "The installed models with what they predict.", "polymorph models list", "polymorph models list --json")
    {
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var store = CgcnnModelStore.OfUser();
        var models = store.List().Select(name => (Name: name, Model: CgcnnModelFile.Load(store.Find(name)))).ToList();
        var document = new JsonObject
        {
            ["folder"] = store.Folder,
            ["models"] = new JsonArray([.. models.Select(m => (JsonNode)new JsonObject
            {
                ["name"] = m.Name,
                ["property"] = m.Model.Property,
                ["unit"] = m.Model.Unit,
                ["level"] = m.Model.Level,
                ["networks"] = m.Model.Members.Length,
            })]),
        };
        call.Result("polymorph.models-list/1", document, output =>
        {
            foreach (var (name, model) in models)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28}  {model.Property} ({model.Unit}), {model.Members.Length} network{(model.Members.Length == 1 ? "" : "s")}: {model.Level}"));
            }
        });
        if (models.Count == 0)
        {
            call.Note($"None is installed. Next: {ProgramName.Text} models add FOLDER");
        }

        return ExitCode.Done;
    }
}
